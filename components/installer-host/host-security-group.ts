import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Naming } from "../naming";
import { hostIngressRules, type HostSource } from "../../ignition/installer-host/ingress-rules";

export interface HostSecurityGroupArgs {
  readonly naming: Naming;
  readonly vpcId: pulumi.Input<string>;
  /** CIDR blocks for each source of the rules; an empty list leaves the source's rules out. */
  readonly sources: Readonly<Record<HostSource, readonly string[]>>;
}

/** The installer host's security group, with the rules in `hostIngressRules`. It does not have the cluster's tag, because the host is not a node. */
export class HostSecurityGroup extends pulumi.ComponentResource {
  readonly groupId: pulumi.Output<string>;
  /** Rules that must exist before the host boots. */
  readonly rules: readonly pulumi.Resource[];

  constructor(name: string, { naming, vpcId, sources }: HostSecurityGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:installer:HostSecurityGroup", name, {}, opts);
    const parent = { parent: this };
    const group = new aws.ec2.SecurityGroup(
      name,
      { vpcId, description: "Installer host", tags: naming.tagsWithoutClusterTag("installer-host-sg") },
      parent,
    );
    this.groupId = group.id;
    const ingress = hostIngressRules.flatMap(({ from, port, purpose }) =>
      sources[from].map(
        (cidrIpv4) =>
          new aws.vpc.SecurityGroupIngressRule(
            `${name}-from-${from}-tcp-${port}-${cidrIpv4}`,
            { securityGroupId: group.id, description: purpose, cidrIpv4, ipProtocol: "tcp", fromPort: port, toPort: port },
            parent,
          ),
      ),
    );
    const egress = new aws.vpc.SecurityGroupEgressRule(
      `${name}-to-anywhere`,
      { securityGroupId: group.id, description: "everything", cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" },
      parent,
    );
    this.rules = [...ingress, egress];
    this.registerOutputs();
  }
}
