import { choice, flag, integer, key, text } from "../key";
import { DEFAULT_REGISTRY_IMAGE, DEFAULT_REGISTRY_VOLUME, MIN_REGISTRY_VOLUME, registryImageProblem } from "./fields";
import { idProblem } from "../resource-id";
import { instanceTypeProblem, MAX_DISK_GIB } from "../machines/fields";

/** Keys for the EC2 instance with the image registry and the release's tools. */
export const installerHostKeys = {
  installerHost: key(flag(true), {
    description:
      "Whether to create the installer host: an instance in the VPC with the release's tools (oc, openshift-install, oc-mirror), an image registry at registry.<clusterName>.<baseDomain>:5000, and the approver for the nodes' certificate signing requests. Without the installer host you approve these requests yourself, during the installation and for every new node.",
    example: "false",
    source: "this project",
  }),
  installerHostInstanceType: key(text(instanceTypeProblem), {
    description:
      "Instance type of the installer host: a Nitro type of the control plane's architecture with at least 2 vCPU and 8 GiB of memory.",
    allowed: "an EC2 instance type of the control plane's architecture",
    example: "m6i.xlarge",
    source: "this project (oc-mirror's memory)",
    whenEmpty: "m6i.large, or m6g.large in an arm64 cluster",
  }),
  installerHostImageId: key(text(idProblem("machine image")), {
    description:
      "AMI of the installer host: Fedora CoreOS or the release's own CoreOS, in the cluster's region and of the control plane's architecture. Required with executor ssh: the release's image is only known from openshift-install, which then runs on the installer host itself. A change does not replace the host.",
    allowed: "the ID of a CoreOS AMI in the cluster's region",
    example: "ami-0123456789abcdef0",
    source: "Fedora CoreOS (stream metadata, streams/stable.json); AWS (EC2 resource IDs)",
    whenEmpty: "the release's image",
  }),
  registryStorage: key(choice(["volume", "s3"], "volume"), {
    description:
      "Where the registry stores its images. volume: on the data volume. s3: in its own bucket, which grows as needed and is deleted with the stack. A change does not move existing images.",
    example: "s3",
    source: "this project; the distribution project (storage drivers)",
  }),
  registryVolumeSize: key(integer(MIN_REGISTRY_VOLUME, MAX_DISK_GIB, DEFAULT_REGISTRY_VOLUME), {
    description:
      "Size of the registry's data volume, which survives a replacement of the host: 100 GiB for one release, at least 500 GiB with operators. The volume can grow, but never shrink.",
    unit: "GiB",
    example: "500",
    source: "this project; AWS (EBS volumes don't shrink)",
  }),
  registryImage: key(text(registryImageProblem, DEFAULT_REGISTRY_IMAGE), {
    description:
      "Image of the registry software: CNCF Distribution, version 2 or 3. The image may be in a mirror. With mirror air-gapped, the host ignores this key and uses the image in mirrorArchive.",
    allowed: "a pull specification with its registry and a digest or the tag of one version",
    example: "mirror.example.com:5000/library/registry:3.1.1",
    source: "this project (with a moving tag, a restart could change the version)",
  }),
  registryRotation: key(text(), {
    description: "Any text; changing it creates new passwords and a new certificate for the registry. The CA that nodes trust stays.",
    example: "2",
    source: "this project",
    whenEmpty: "the first passwords and certificate",
  }),
} as const;
