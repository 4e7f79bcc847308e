import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { known } from "../known";
import type { Naming } from "../naming";
import type { FoundNetwork, FoundSubnet } from "./found-network";
import { FoundRoleTags } from "./found-role-tags";
import { type Network, subnetRoleTags, type ZoneSubnet } from "./network";

export interface ExistingNetworkArgs {
  readonly naming: Naming;
  readonly found: FoundNetwork;
  /** Subnets of which the role tag belongs to somebody else. */
  readonly foreignRoleTags: readonly string[];
}

/** A network that belongs to somebody else: used as it is, but for the two tags by which the cluster finds its subnets. */
export class ExistingNetwork extends pulumi.ComponentResource implements Network {
  readonly vpcId: pulumi.Output<string>;
  readonly privateSubnets: readonly ZoneSubnet[];
  readonly publicSubnets: readonly ZoneSubnet[];
  readonly egress: readonly pulumi.Resource[] = [];

  constructor(name: string, args: ExistingNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:network:ExistingNetwork", name, {}, opts);
    const { naming, found } = args;
    const tag = (key: string, resourceId: string, tagKey: pulumi.Input<string>, value: pulumi.Input<string>) =>
      new aws.ec2.Tag(`${name}-${resourceId}-${key}`, { resourceId, key: tagKey, value }, { parent: this });
    const adopt = (kind: "public" | "private", { id, zone }: FoundSubnet): ZoneSubnet => {
      const clusterTag = tag("cluster", id, naming.clusterTag.key, naming.clusterTag.value);
      const role = subnetRoleTags[kind];
      if (!args.foreignRoleTags.includes(id)) tag("role", id, role.key, role.value);
      return { zone, id: clusterTag.resourceId };
    };
    this.vpcId = pulumi.output(found.vpcId);
    this.privateSubnets = found.privateSubnets.map((subnet) => adopt("private", subnet));
    this.publicSubnets = found.publicSubnets.map((subnet) => adopt("public", subnet));
    this.registerOutputs();
  }

  /** Takes over a network that was found, leaving alone the role tags that it had before this cluster. */
  static async adopt(name: string, args: Pick<ExistingNetworkArgs, "naming" | "found">): Promise<ExistingNetwork> {
    const { found } = args;
    const subnets = [...found.privateSubnets, ...found.publicSubnets];
    const subnetIds = subnets.map(({ id }) => id);
    const tagged = subnets.filter(({ hasRoleTag }) => hasRoleTag).map(({ id }) => id);
    const record = new FoundRoleTags(`${name}-found-role-tags`, { subnetIds, tagged });
    const foreignRoleTags = (await known(record.tagged)) ?? tagged;
    return new ExistingNetwork(name, { ...args, foreignRoleTags });
  }
}
