/** Base URLs of the vendors' download hosts. They are parameters so that tests can use a server with the same layout. */
export interface Vendors {
  /** Kubernetes' releases: `/release/v<version>/bin/<os>/<arch>/<file>` and the same with `.sha256`. */
  readonly kubernetes: string;
  /** Releases on GitHub: `/<owner>/<repository>/releases/download/<tag>/<file>`. */
  readonly github: string;
  /** OpenShift's clients: `/pub/openshift-v4/<arch>/clients/ocp/<version>/`. */
  readonly openshift: string;
  /** Only used to check whether Pulumi's hosts are reachable; the Automation API and the CLI know their URLs themselves. */
  readonly pulumi: string;
  /** A different server for `pulumi plugin install`. @default the CLI's own choice */
  readonly plugins?: string;
}

export const VENDORS: Vendors = {
  kubernetes: "https://dl.k8s.io",
  github: "https://github.com",
  openshift: "https://mirror.openshift.com",
  pulumi: "https://get.pulumi.com",
};
