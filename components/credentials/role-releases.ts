import * as pulumi from "@pulumi/pulumi";

interface RoleReleasesInputs {
  /** The configured release. */
  readonly wanted: string;
  /** The release with which the cluster was installed; its roles existed before this resource. Absent before the installation. */
  readonly installed?: string;
  /** True if the cluster reports that only the wanted release runs, or if there is no cluster yet. */
  readonly settled: boolean;
}

interface RoleReleasesState {
  readonly releases: readonly string[];
}

/**
 * The wanted release first. Other releases are kept until the cluster reports that only the wanted one runs, because their components may
 * use their roles.
 */
function releasesOf({ wanted, settled }: RoleReleasesInputs, before: readonly string[]): string[] {
  return settled ? [wanted] : [...new Set([wanted, ...before])];
}

/** Remembers the releases for which roles exist. */
export const roleReleasesProvider: pulumi.dynamic.ResourceProvider<RoleReleasesInputs, RoleReleasesState> = {
  create(inputs) {
    const before = inputs.installed === undefined ? [] : [inputs.installed];
    return Promise.resolve({ id: "role-releases", outs: { releases: releasesOf(inputs, before) } });
  },
  diff(_id, { releases }, inputs) {
    return Promise.resolve({ changes: JSON.stringify(releasesOf(inputs, releases)) !== JSON.stringify(releases) });
  },
  update(_id, { releases }, inputs) {
    return Promise.resolve({ outs: { releases: releasesOf(inputs, releases) } });
  },
};

/**
 * The releases whose components have roles: the configured release and, until an update to it is complete, the previous releases, whose components
 * still run. The list is kept in the state because the cluster, the better source, does not answer in every run.
 */
export class RoleReleases extends pulumi.dynamic.Resource {
  /** Release versions; the configured one comes first. */
  declare readonly releases: pulumi.Output<readonly string[]>;

  constructor(name: string, inputs: RoleReleasesInputs, opts?: pulumi.CustomResourceOptions) {
    super(roleReleasesProvider, name, { ...inputs, releases: undefined }, opts, "okd", "RoleReleases");
  }
}
