import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Naming } from "../naming";
import {
  type TrafficDestination,
  ingressRules,
  ruleKey,
  type SecurityGroupRule,
  type TrafficSource,
} from "../../lib/openshift/instance-ingress";

export interface SecurityGroupsArgs {
  readonly naming: Naming;
  readonly vpcId: pulumi.Input<string>;
  /** CIDR blocks of the cluster's instances. */
  readonly machineCidrs: readonly string[];
  /** CIDR blocks of the administrators. */
  readonly adminCidrs: readonly string[];
  /** Whether the bootstrap instance exists. The bootstrap destroy removes its security group, too. */
  readonly withBootstrap: boolean;
}

/** IANA's number of the protocol ESP, for which EC2 has no name. */
const espProtocolNumber = "50";

/**
 * The security groups of the control plane and the workers, and of the bootstrap instance until it is destroyed. They have exactly the
 * rules in `ingressRules`.
 */
export class SecurityGroups extends pulumi.ComponentResource {
  readonly masters: aws.ec2.SecurityGroup;
  readonly workers: aws.ec2.SecurityGroup;
  readonly bootstrap?: aws.ec2.SecurityGroup;
  /** Rules that must exist before an instance boots. */
  readonly rules: readonly pulumi.Resource[];

  constructor(name: string, args: SecurityGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:network:SecurityGroups", name, {}, opts);
    const { naming, vpcId } = args;
    const parent = { parent: this };
    const group = (key: TrafficDestination, description: string, tags: pulumi.Input<Record<string, pulumi.Input<string>>>) =>
      new aws.ec2.SecurityGroup(`${name}-${key}`, { vpcId, description, tags }, parent);
    // The names that the installer's default MachineSets look for (openshift/installer, `pkg/asset/machines/aws/machines.go`).
    this.masters = group("masters", "Control plane machines", naming.tags("master-sg"));
    this.workers = group("workers", "Worker and infra machines", naming.tags("worker-sg"));
    // The bootstrap instance also has the control plane's security group, and a node may have only one security group with the cluster's
    // tag.
    if (args.withBootstrap) this.bootstrap = group("bootstrap", "Bootstrap machine", naming.tagsWithoutClusterTag("bootstrap-sg"));
    const groups: Partial<Record<TrafficDestination, aws.ec2.SecurityGroup>> = {
      masters: this.masters,
      workers: this.workers,
      ...(this.bootstrap && { bootstrap: this.bootstrap }),
    };

    const sources: Record<TrafficSource, (readonly [suffix: string, source: RuleSource])[]> = {
      // The rules of the first CIDR block have no suffix, so that they stay the same when another block is added.
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
        // The provider removes the egress rule that AWS adds to every new security group.
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
  // ICMP has types and codes in place of ports: -1 means all of them.
  const [fromPort, toPort] = ports ?? [-1, -1];
  return { ipProtocol: protocol, fromPort, toPort };
}
