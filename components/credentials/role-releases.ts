import * as pulumi from "@pulumi/pulumi";

interface RoleReleasesInputs {
  /** The configured release. */
  readonly wanted: string;
  /** The release that the cluster was installed with, whose roles were there before this was remembered; absent before the installation. */
  readonly installed?: string;
  /** True if the cluster reports that only the wanted release runs, or if there is no cluster yet. */
  readonly settled: boolean;
}

interface RoleReleasesState {
  readonly releases: readonly string[];
}

/** The wanted release first. Until the cluster says that it runs that alone, components of the others may rely on their roles. */
function releasesOf({ wanted, settled }: RoleReleasesInputs, before: readonly string[]): string[] {
  return settled ? [wanted] : [...new Set([wanted, ...before])];
}

/** Remembers for which releases there are roles. */
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
 * The releases whose components have roles: the configured one, and until an update to it is complete also those before, whose components still run.
 * It is kept in the state because the cluster, which knows better, does not answer every run.
 */
export class RoleReleases extends pulumi.dynamic.Resource {
  /** Versions, the configured one first. */
  declare readonly releases: pulumi.Output<readonly string[]>;

  constructor(name: string, inputs: RoleReleasesInputs, opts?: pulumi.CustomResourceOptions) {
    super(roleReleasesProvider, name, { ...inputs, releases: undefined }, opts, "okd", "RoleReleases");
  }
}
