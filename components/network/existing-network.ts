import * as aws from "@pulumi/aws";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { RoleTagRemoval } from "../../steps/subnet-role-tags/removal";
import { valueIfKnown } from "../../lib/pulumi/known-value";
import type { Naming } from "../naming";
import { ownProgram } from "../own-command";
import type { FoundNetwork, FoundSubnet } from "./found-network";
import { InitialRoleTags } from "./initial-role-tags";
import { type Network, subnetRoleTags, type ZoneSubnet } from "./network";

export interface ExistingNetworkArgs {
  readonly naming: Naming;
  readonly region: string;
  readonly found: FoundNetwork;
  readonly natAddresses: readonly string[];
  /** Subnets whose role tag does not belong to this cluster. */
  readonly foreignRoleTags: readonly string[];
}

/** A network that the user made. The program adds only two tags to each subnet. The cluster finds its subnets by these tags. */
export class ExistingNetwork extends pulumi.ComponentResource implements Network {
  readonly vpcId: pulumi.Output<string>;
  readonly privateSubnets: readonly ZoneSubnet[];
  readonly publicSubnets: readonly ZoneSubnet[];
  readonly natAddresses: pulumi.Output<readonly string[]>;
  readonly egress: readonly pulumi.Resource[] = [];

  constructor(name: string, args: ExistingNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:network:ExistingNetwork", name, {}, opts);
    const { naming, region, found } = args;
    const tag = (
      key: string,
      resourceId: string,
      tagKey: pulumi.Input<string>,
      value: pulumi.Input<string>,
      opts: pulumi.CustomResourceOptions = {},
    ) => new aws.ec2.Tag(`${name}-${resourceId}-${key}`, { resourceId, key: tagKey, value }, { parent: this, ...opts });
    const useSubnet = (kind: "public" | "private", { id, zone }: FoundSubnet): ZoneSubnet => {
      const clusterTag = tag("cluster", id, naming.clusterTag.key, naming.clusterTag.value);
      const role = subnetRoleTags[kind];
      const own = !args.foreignRoleTags.includes(id);
      // Other clusters may need the tag by the time that this cluster is destroyed. So the Pulumi engine keeps it, and the command below decides then
      // whether to remove it.
      if (own) tag("role", id, role.key, role.value, { retainOnDelete: true });
      const removal = naming.clusterTag.key.apply((tagKey): RoleTagRemoval => ({
        region,
        subnetId: id,
        roleTag: role.key,
        clusterTag: tagKey,
        own,
      }));
      new command.local.Command(
        `${name}-${id}-role-release`,
        { interpreter: ownProgram("subnet-role-tags"), delete: pulumi.jsonStringify(removal) },
        { parent: this },
      );
      return { zone, id: clusterTag.resourceId };
    };
    this.vpcId = pulumi.output(found.vpcId);
    this.natAddresses = pulumi.output(args.natAddresses);
    this.privateSubnets = found.privateSubnets.map((subnet) => useSubnet("private", subnet));
    this.publicSubnets = found.publicSubnets.map((subnet) => useSubnet("public", subnet));
    this.registerOutputs();
  }

  /** Uses an existing network. Role tags that its subnets had before this cluster stay. */
  static async use(name: string, args: Omit<ExistingNetworkArgs, "foreignRoleTags">): Promise<ExistingNetwork> {
    const { found } = args;
    const subnets = [...found.privateSubnets, ...found.publicSubnets];
    const subnetIds = subnets.map(({ id }) => id);
    const tagged = subnets.filter(({ hasRoleTag }) => hasRoleTag).map(({ id }) => id);
    const record = new InitialRoleTags(`${name}-found-role-tags`, { subnetIds, tagged });
    const foreignRoleTags = (await valueIfKnown(record.tagged)) ?? tagged;
    return new ExistingNetwork(name, { ...args, foreignRoleTags });
  }
}
