import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Naming } from "../naming";

export interface VpcEndpointsArgs {
  readonly naming: Naming;
  readonly region: string;
  readonly vpcId: pulumi.Input<string>;
  readonly vpcCidr: string;
  /** Route tables that get a route to S3. */
  readonly routeTableIds: readonly pulumi.Input<string>[];
  /** Subnets in which the interface endpoints get addresses. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Short names, such as `ec2`. */
  readonly interfaceServices: readonly string[];
}

/**
 * VPC endpoints, through which instances reach AWS services without the internet: always the gateway endpoint for S3, which costs nothing, and
 * the configured interface endpoints.
 */
export class VpcEndpoints extends pulumi.ComponentResource {
  constructor(name: string, args: VpcEndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:network:VpcEndpoints", name, {}, opts);
    const { naming, vpcId } = args;
    const parent = { parent: this };
    new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId,
        serviceName: `com.amazonaws.${args.region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: [...args.routeTableIds],
        tags: naming.tags("s3"),
      },
      parent,
    );
    if (args.interfaceServices.length > 0) {
      const group = new aws.ec2.SecurityGroup(
        `${name}-interfaces`,
        { vpcId, description: "Interface endpoints of AWS services", tags: naming.tagsWithoutClusterTag("vpc-endpoints") },
        parent,
      );
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-interfaces-from-vpc-tcp-443`,
        {
          securityGroupId: group.id,
          description: "AWS services over HTTPS",
          cidrIpv4: args.vpcCidr,
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
        },
        parent,
      );
      for (const service of args.interfaceServices) {
        new aws.ec2.VpcEndpoint(
          `${name}-${service}`,
          {
            vpcId,
            serviceName: `com.amazonaws.${args.region}.${service}`,
            vpcEndpointType: "Interface",
            privateDnsEnabled: true,
            subnetIds: [...args.subnetIds],
            securityGroupIds: [group.id],
            tags: naming.tags(service),
          },
          parent,
        );
      }
    }
    this.registerOutputs();
  }
}
