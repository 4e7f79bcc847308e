import * as pulumi from "@pulumi/pulumi";

interface RoleTagRecord {
  readonly subnetIds: readonly string[];
  readonly tagged: readonly string[];
}

/** Remembers for each subnet whether it had a role tag when the subnet was first seen. A tag that is found later may be this cluster's. */
export const initialRoleTagsProvider: pulumi.dynamic.ResourceProvider<RoleTagRecord, RoleTagRecord> = {
  create: (inputs) => Promise.resolve({ id: "found-role-tags", outs: inputs }),
  diff: (_id, olds, news) => Promise.resolve({ changes: olds.subnetIds.join() !== news.subnetIds.join() }),
  update(_id, olds, news) {
    const tagged = news.subnetIds.filter((id) => (olds.subnetIds.includes(id) ? olds : news).tagged.includes(id));
    return Promise.resolve({ outs: { subnetIds: news.subnetIds, tagged } });
  },
};

export interface InitialRoleTagsArgs {
  readonly subnetIds: readonly string[];
  /** Subnets of `subnetIds` that have a role tag now. */
  readonly tagged: readonly string[];
}

/**
 * Subnets of an existing network that had a role tag before this cluster. These tags must not be removed. The state keeps the type
 * `FoundRoleTags`, which is part of the URN.
 */
export class InitialRoleTags extends pulumi.dynamic.Resource {
  declare readonly tagged: pulumi.Output<string[]>;

  constructor(name: string, args: InitialRoleTagsArgs, opts?: pulumi.CustomResourceOptions) {
    super(initialRoleTagsProvider, name, { ...args }, opts, "okd", "FoundRoleTags");
  }
}
