import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Naming } from "../naming";
import { balancerRules } from "../../lib/openshift/balancer-ingress";

export interface BalancerSecurityGroupArgs {
  readonly naming: Naming;
  readonly vpcId: pulumi.Input<string>;
  /** CIDR blocks of the cluster's instances. */
  readonly machineCidrs: readonly string[];
}

/**
 * The internal load balancer's security group with the rules of the table. Whether a network load balancer has security groups is fixed at
 * its creation (Network Load Balancer user guide, "Update the security groups").
 */
export class BalancerSecurityGroup extends pulumi.ComponentResource {
  readonly groupId: pulumi.Output<string>;
  /** Rules that must exist before an instance connects through the load balancer. */
  readonly rules: readonly pulumi.Resource[];

  constructor(name: string, { naming, vpcId, machineCidrs }: BalancerSecurityGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:network:BalancerSecurityGroup", name, {}, opts);
    const parent = { parent: this };
    const group = new aws.ec2.SecurityGroup(
      name,
      { vpcId, description: "Internal load balancer of the API", tags: naming.tags("int-sg") },
      parent,
    );
    this.groupId = group.id;
    const ranges = { "machine-network": machineCidrs, anywhere: ["0.0.0.0/0"] };
    const ingress = balancerRules.flatMap(({ port, from, purpose }) =>
      ranges[from].map(
        (cidrIpv4, index) =>
          new aws.vpc.SecurityGroupIngressRule(
            `${name}-from-${from}-tcp-${port}${index === 0 ? "" : `-${cidrIpv4}`}`,
            { securityGroupId: group.id, description: purpose, cidrIpv4, ipProtocol: "tcp", fromPort: port, toPort: port },
            parent,
          ),
      ),
    );
    const egress = new aws.vpc.SecurityGroupEgressRule(
      `${name}-to-anywhere`,
      {
        securityGroupId: group.id,
        description: "to the control plane nodes: traffic and health checks",
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "-1",
      },
      parent,
    );
    this.rules = [...ingress, egress];
    this.registerOutputs();
  }
}
