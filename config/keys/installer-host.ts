import { choice, flag, integer, key, text } from "../key";
import { DEFAULT_REGISTRY_IMAGE, DEFAULT_REGISTRY_VOLUME, LEAST_REGISTRY_VOLUME, registryImageFlaw } from "../rules/installer-host";
import { idFlaw } from "../rules/ids";
import { instanceTypeFlaw } from "../rules/machine-types";
import { LARGEST_DISK } from "../rules/volumes";

/** The machine in the VPC that has the image registry and the release's tools. */
export const installerHostKeys = {
  installerHost: key(flag(true), {
    description:
      "Whether a machine in the VPC gets the release's tools (oc, openshift-install, oc-mirror), an image registry, registry.<clusterName>.<baseDomain>:5000, and the service that approves the nodes' certificates. Without it you approve them yourself, at the installation and whenever a node comes.",
    example: "false",
    source: "this project",
  }),
  installerHostInstanceType: key(text(instanceTypeFlaw), {
    description: "Its type, a Nitro one; at least 2 vCPU and 8 GiB of memory. Of the masters' architecture.",
    allowed: "an EC2 instance type of the masters' architecture",
    example: "m6i.xlarge",
    source: "this project (oc-mirror's memory)",
    whenEmpty: "m6i.large, or m6g.large in an arm64 cluster",
  }),
  installerHostImageId: key(text(idFlaw("machine image")), {
    description:
      "Image that the installer host boots from, of Fedora CoreOS or the release's own CoreOS, in the cluster's region and of the masters' architecture. Required with executor ssh: the release's image is named by the installer, which then runs on this machine. A change doesn't replace the machine.",
    allowed: "the ID of a CoreOS image in the cluster's region",
    example: "ami-0123456789abcdef0",
    source: "Fedora CoreOS (stream metadata, streams/stable.json); AWS (EC2 resource IDs)",
    whenEmpty: "the release's image",
  }),
  registryStorage: key(choice(["volume", "s3"], "volume"), {
    description:
      "Where the registry keeps its images: volume: on the data volume. s3: in a bucket of its own, which grows by itself and goes with the stack. A change doesn't move what is there.",
    example: "s3",
    source: "this project; the distribution project (storage drivers)",
  }),
  registryVolumeSize: key(integer(LEAST_REGISTRY_VOLUME, LARGEST_DISK, DEFAULT_REGISTRY_VOLUME), {
    description:
      "Size of the registry's volume, which survives the machine: 100 for one release, 500 at least with operators. It can grow, but never shrink.",
    unit: "GiB",
    example: "500",
    source: "this project; AWS (EBS volumes don't shrink)",
  }),
  registryImage: key(text(registryImageFlaw, DEFAULT_REGISTRY_IMAGE), {
    description:
      "Image of the registry itself, the distribution project's, version 2 or 3; for instance from a mirror. An air-gapped host has it from its archive, whatever this says.",
    allowed: "a pull specification with its registry and a digest or the tag of one version",
    example: "mirror.example.com:5000/library/registry:3.1.1",
    source: "this project (a moving tag would change what runs at any restart)",
  }),
  registryRotation: key(text(), {
    description: "Any text: another one makes new passwords and a new certificate of the registry. The authority that nodes trust stays.",
    example: "2",
    source: "this project",
    whenEmpty: "those made first",
  }),
} as const;
