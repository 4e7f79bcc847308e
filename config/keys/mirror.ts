import { choice, flag, key, text } from "../key";
import { CURRENT_MINOR } from "../releases/current";
import { archiveFlaw } from "../rules/mirror";

/** The registry on the installer host as a source of images. */
export const mirrorKeys = {
  mirror: key(choice(["none", "fallback", "restricted", "air-gapped"], "none"), {
    description:
      "Whether the installer host's registry gets the release, and what for. none: it stays empty. fallback: nodes find the release there when its public registry fails. restricted: nodes have no way to the internet, only the host has. air-gapped: the host has none either, and gets everything from mirrorArchive. In the last two AWS is reached through VPC endpoints, which a new VPC gets, and NAT gateways are not made.",
    example: "restricted",
    source: "this project; OpenShift (disconnected installation mirroring)",
  }),
  mirrorArchive: key(text(archiveFlaw), {
    description:
      "With mirror air-gapped only: where the installer host finds oc-mirror's archive, the tools and three container images, in the layout that docs/disconnected.md tells. The bucket is in the cluster's region, since an S3 gateway endpoint leads to no other.",
    allowed: "s3://<bucket> or s3://<bucket>/<prefix>",
    example: `s3://okd-archive/${CURRENT_MINOR}`,
    source: "this project; AWS (gateway endpoints for Amazon S3)",
    whenEmpty: "none",
  }),
  updateService: key(flag(false), {
    description:
      "Whether an OpenShift cluster that is cut off gets an update service of its own, which tells it which updates there are. Its operator and its data are mirrored besides the release; the data knows the releases that are mirrored.",
    allowed: "true with distribution openshift and mirror restricted or air-gapped",
    example: "true",
    source: "OpenShift (updating a cluster in a disconnected environment using the OpenShift Update Service)",
  }),
} as const;
