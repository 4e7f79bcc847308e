import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Naming } from "../naming";
import { type Destination, ingressRules, ruleKey, type SecurityGroupRule, type Source } from "./rules";

export interface SecurityGroupsArgs {
  readonly naming: Naming;
  readonly vpcId: pulumi.Input<string>;
  /** Ranges of the machines. */
  readonly machineCidrs: readonly string[];
  /** Ranges of the people who run the cluster. */
  readonly adminCidrs: readonly string[];
  /** Whether there is a bootstrap machine; from its retirement on there is not, nor its group. */
  readonly withBootstrap: boolean;
}

/** IANA's number of the protocol ESP, which EC2 has no name for. */
const espProtocolNumber = "50";

/** The masters', workers' and, while it lives, the bootstrap machine's groups with the rules of the table, and none besides. */
export class SecurityGroups extends pulumi.ComponentResource {
  readonly masters: aws.ec2.SecurityGroup;
  readonly workers: aws.ec2.SecurityGroup;
  readonly bootstrap?: aws.ec2.SecurityGroup;
  /** What must stand before a machine boots. */
  readonly rules: readonly pulumi.Resource[];

  constructor(name: string, args: SecurityGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:network:SecurityGroups", name, {}, opts);
    const { naming, vpcId } = args;
    const parent = { parent: this };
    const group = (key: Destination, description: string, tags: pulumi.Input<Record<string, pulumi.Input<string>>>) =>
      new aws.ec2.SecurityGroup(`${name}-${key}`, { vpcId, description, tags }, parent);
    // The names that the default machine sets look for (reference, section 1).
    this.masters = group("masters", "Control plane machines", naming.tags("master-sg"));
    this.workers = group("workers", "Worker and infra machines", naming.tags("worker-sg"));
    // The bootstrap machine carries the masters' group, too, and a node may have one group with the cluster's tag only.
    if (args.withBootstrap) this.bootstrap = group("bootstrap", "Bootstrap machine", naming.tagsWithoutClusterTag("bootstrap-sg"));
    const groups: Partial<Record<Destination, aws.ec2.SecurityGroup>> = {
      masters: this.masters,
      workers: this.workers,
      ...(this.bootstrap && { bootstrap: this.bootstrap }),
    };

    const sources: Record<Source, (readonly [suffix: string, source: RuleSource])[]> = {
      // The first one's rules have no suffix, so that they stay when another range is added.
      "machine-network": args.machineCidrs.map((cidrIpv4, index) => [index === 0 ? "" : `-${cidrIpv4}`, { cidrIpv4 }]),
      masters: [["", { referencedSecurityGroupId: this.masters.id }]],
      workers: [["", { referencedSecurityGroupId: this.workers.id }]],
      admins: args.adminCidrs.map((cidrIpv4) => [`-${cidrIpv4}`, { cidrIpv4 }]),
    };
    const ingress = ingressRules.flatMap((rule) => {
      const to = groups[rule.to];
      if (to === undefined) return [];
      return sources[rule.from].map(
        ([suffix, source]) =>
          new aws.vpc.SecurityGroupIngressRule(
            `${name}-${ruleKey(rule)}${suffix}`,
            { securityGroupId: to.id, description: rule.purpose, ...source, ...traffic(rule) },
            parent,
          ),
      );
    });
    const egress = Object.entries(groups).map(
      ([key, { id }]) =>
        // The provider removes the rule that AWS gives every new group.
        new aws.vpc.SecurityGroupEgressRule(
          `${name}-${key}-to-anywhere`,
          { securityGroupId: id, description: "everything", cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" },
          parent,
        ),
    );
    this.rules = [...ingress, ...egress];
    this.registerOutputs();
  }
}

type RuleSource = Pick<aws.vpc.SecurityGroupIngressRuleArgs, "cidrIpv4" | "referencedSecurityGroupId">;

function traffic({ protocol, ports }: SecurityGroupRule): { ipProtocol: string; fromPort?: number; toPort?: number } {
  if (protocol === "esp") return { ipProtocol: espProtocolNumber };
  // ICMP has types and codes in the ports' place: -1 is all of them.
  const [fromPort, toPort] = ports ?? [-1, -1];
  return { ipProtocol: protocol, fromPort, toPort };
}
