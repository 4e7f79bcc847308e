import { choice, flag, key, text } from "../key";
import { CURRENT_MINOR } from "../releases/current";
import { archiveProblem, MIRROR_MODES } from "./fields";

/** Keys for the installer host's registry as a source of images. */
export const mirrorKeys = {
  mirror: key(choice(MIRROR_MODES, "none"), {
    description:
      "Whether the release is mirrored to the installer host's registry, and why. none: the registry stays empty. fallback: nodes pull the release from this registry when the public registry fails. restricted: only the installer host has a route to the internet, the nodes do not. air-gapped: the installer host has no such route either, and gets everything from mirrorArchive. With restricted and air-gapped, nodes reach AWS through VPC endpoints, which the program creates in a new VPC, and there are no NAT gateways.",
    example: "restricted",
    source: "this project; OpenShift (disconnected installation mirroring)",
  }),
  mirrorArchive: key(text(archiveProblem), {
    description:
      "Only with mirror air-gapped: S3 location of oc-mirror's archive, the tools and three container images, in the layout described in docs/disconnected.md. The bucket must be in the cluster's region, because an S3 gateway endpoint serves no other region.",
    allowed: "s3://<bucket> or s3://<bucket>/<prefix>",
    example: `s3://okd-archive/${CURRENT_MINOR}`,
    source: "this project; AWS (gateway endpoints for Amazon S3)",
    whenEmpty: "none",
  }),
  updateService: key(flag(false), {
    description:
      "Whether a disconnected OpenShift cluster gets its own update service, which lists the available updates. Its operator and its graph data are mirrored in addition to the release; the data covers the mirrored releases.",
    allowed: "true with distribution openshift and mirror restricted or air-gapped",
    example: "true",
    source: "OpenShift (updating a cluster in a disconnected environment using the OpenShift Update Service)",
  }),
} as const;
