/** Base addresses of the vendors' download hosts: parameters, so that tests put a server with the same layout in their place. */
export interface Vendors {
  /** Kubernetes' releases: `/release/v<version>/bin/<os>/<arch>/<file>` and the same with `.sha256`. */
  readonly kubernetes: string;
  /** Releases on GitHub: `/<owner>/<repository>/releases/download/<tag>/<file>`. */
  readonly github: string;
  /** OpenShift's clients: `/pub/openshift-v4/<arch>/clients/ocp/<version>/`. */
  readonly openshift: string;
  /** Asked first whether Pulumi's hosts can be reached at all; the Automation API and the CLI know their own addresses. */
  readonly pulumi: string;
  /** Another server for `pulumi plugin install`. @default the CLI's own choice */
  readonly plugins?: string;
}

export const VENDORS: Vendors = {
  kubernetes: "https://dl.k8s.io",
  github: "https://github.com",
  openshift: "https://mirror.openshift.com",
  pulumi: "https://get.pulumi.com",
};
