import { choice, key, text } from "../key";
import { CURRENT } from "../releases/current";
import { oldestOf } from "../releases/table";
import { baseDomainProblem, clusterNameProblem, releaseImageProblem, releaseProblem } from "./fields";

/** Keys for the cluster's name and release. */
export const clusterKeys = {
  clusterName: key(text(clusterNameProblem), {
    description: "Name of the cluster; its domain is <clusterName>.<baseDomain>. Can't be changed later.",
    allowed: "1 to 54 lower-case letters, digits and hyphens, not starting with internal-, sg-, sthree-, amzn-s3-demo- or xn--",
    example: "dev",
    source: "OpenShift (DNS label of 63 characters, nine of them for *.apps); AWS (names of load balancers, security groups and buckets)",
    required: true,
  }),
  baseDomain: key(text(baseDomainProblem), {
    description:
      "Parent domain of the cluster's domain. With dnsManagement managed and publish External, its public Route 53 hosted zone must exist. Can't be changed later.",
    allowed: "a lower-case domain name of at least two parts",
    example: "example.com",
    source: "OpenShift (DNS name); RFC 1035 (length)",
    required: true,
  }),
  distribution: key(choice(["okd", "openshift"], "okd"), {
    description:
      "Distribution to install: OKD, the community distribution, or Red Hat OpenShift, which needs the pull secret of a subscription.",
    example: "okd",
    source: "this project",
  }),
  release: key(text(releaseProblem), {
    description:
      "Version of the distribution to install; a later change updates the cluster. The openshift-install in use must be of this version.",
    allowed: `a version of the distribution: OKD from ${oldestOf("okd")} on, OpenShift from ${oldestOf("openshift")} on`,
    example: CURRENT.okd,
    source: `OKD (CentOS Stream CoreOS from ${oldestOf("okd")} on); OpenShift (OVN-Kubernetes' internal CIDR blocks from ${oldestOf("openshift")} on); docs/releases.md`,
    required: true,
  }),
  releaseImage: key(text(releaseImageProblem), {
    description: "Release image to use instead of the image that openshift-install names, for instance in a mirror.",
    allowed: "a pull specification with its registry and a digest or tag",
    example: "mirror.example.com:5000/okd/release@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    source: "openshift-install (OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE)",
    whenEmpty: "the release image that openshift-install names",
  }),
} as const;
