import * as pulumi from "@pulumi/pulumi";

interface Record_ {
  readonly subnetIds: readonly string[];
  readonly tagged: readonly string[];
}

/** Remembers, per subnet, what was found when the subnet was first seen; what is found later may be our own tag. */
export const foundRoleTagsProvider: pulumi.dynamic.ResourceProvider<Record_, Record_> = {
  create: (inputs) => Promise.resolve({ id: "found-role-tags", outs: inputs }),
  diff: (_id, olds, news) => Promise.resolve({ changes: olds.subnetIds.join() !== news.subnetIds.join() }),
  update(_id, olds, news) {
    const tagged = news.subnetIds.filter((id) => (olds.subnetIds.includes(id) ? olds : news).tagged.includes(id));
    return Promise.resolve({ outs: { subnetIds: news.subnetIds, tagged } });
  },
};

export interface FoundRoleTagsArgs {
  readonly subnetIds: readonly string[];
  /** Those of them that carry a role tag now. */
  readonly tagged: readonly string[];
}

/** Which subnets of an existing network carried a role tag before this cluster came: these tags are not ours to remove. */
export class FoundRoleTags extends pulumi.dynamic.Resource {
  declare readonly tagged: pulumi.Output<string[]>;

  constructor(name: string, args: FoundRoleTagsArgs, opts?: pulumi.CustomResourceOptions) {
    super(foundRoleTagsProvider, name, { ...args }, opts, "okd", "FoundRoleTags");
  }
}
