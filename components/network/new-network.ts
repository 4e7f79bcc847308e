import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allocateSubnets } from "../../config/network/subnets";
import type { NewNetwork as NewNetworkConfiguration } from "../../config/configuration";
import type { Naming } from "../naming";
import { type Network, subnetRoleTags, type ZoneSubnet } from "./network";
import { VpcEndpoints } from "./vpc-endpoints";

export interface NewNetworkArgs {
  readonly naming: Naming;
  readonly region: string;
  readonly zones: readonly string[];
  readonly network: NewNetworkConfiguration;
  /** Whether the Pulumi engine must refuse to delete or replace the VPC and its subnets, on which the instances depend. */
  readonly protect: boolean;
}

/**
 * A VPC for the cluster: per zone a public and a private subnet, one internet gateway, NAT gateways and endpoints (openshift/installer,
 * `upi/aws/cloudformation/01_vpc.yaml`). Without egress and ingress it has only the private subnets and the endpoints.
 */
export class NewNetwork extends pulumi.ComponentResource implements Network {
  readonly vpcId: pulumi.Output<string>;
  readonly privateSubnets: readonly ZoneSubnet[];
  readonly publicSubnets: readonly ZoneSubnet[];
  readonly publicRoute?: pulumi.Resource;
  readonly natAddresses: pulumi.Output<readonly string[]>;
  readonly egress: readonly pulumi.Resource[];

  constructor(name: string, args: NewNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:network:NewNetwork", name, {}, opts);
    const { naming, zones, network } = args;
    const parent = { parent: this };
    // Another CIDR block would create a second network, to which the instances cannot move. The preview already refuses that.
    const kept = { ...parent, protect: args.protect };
    const subnetPlan = allocateSubnets(network.vpcCidr, zones);

    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: network.vpcCidr, enableDnsSupport: true, enableDnsHostnames: true, tags: naming.tags("vpc") },
      kept,
    );
    const internet = network.publicSubnets ? internetGateway() : undefined;
    const publicSubnets = internet?.subnets ?? [];
    const egress: pulumi.Resource[] = internet ? [internet.route, ...publicSubnets.map(({ association }) => association)] : [];

    const natZones = { "per-zone": zones, single: zones.slice(0, 1), none: [] }[network.natGateways];
    const natGateways = internet ? natZones.map((zone, index) => natGateway(zone, publicSubnets[index].subnet, internet)) : [];
    const privateRoutes = zones.map((zone) => routeTable(`private-${zone}`));
    const privateSubnets = subnetPlan.map(({ zone, privateCidr }, index) => subnet("private", zone, privateCidr, privateRoutes[index]));
    egress.push(...privateSubnets.map(({ association }) => association));
    this.natAddresses = pulumi.all(natGateways.map(({ address }) => address));
    if (natGateways.length > 0) egress.push(...zones.map(privateDefaultRoute));

    const endpoints = new VpcEndpoints(
      `${name}-endpoints`,
      {
        naming,
        region: args.region,
        vpcId: vpc.id,
        vpcCidr: network.vpcCidr,
        routeTableIds: [...(internet ? [internet.routes] : []), ...privateRoutes].map(({ id }) => id),
        subnetIds: privateSubnets.map((private_) => private_.subnet.id),
        interfaceServices: network.interfaceEndpoints,
      },
      parent,
    );
    this.vpcId = vpc.id;
    this.publicSubnets = publicSubnets.map(({ zone, subnet: { id } }) => ({ zone, id }));
    this.privateSubnets = privateSubnets.map(({ zone, subnet: { id } }) => ({ zone, id }));
    this.publicRoute = internet?.route;
    this.egress = [...egress, endpoints];
    this.registerOutputs();

    function internetGateway() {
      const gateway = new aws.ec2.InternetGateway(`${name}-gateway`, { vpcId: vpc.id, tags: naming.tags("igw") }, parent);
      const routes = routeTable("public");
      const route = new aws.ec2.Route(
        `${name}-public-default`,
        { routeTableId: routes.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
        parent,
      );
      return { gateway, routes, route, subnets: subnetPlan.map(({ zone, publicCidr }) => subnet("public", zone, publicCidr, routes)) };
    }

    function routeTable(suffix: string): aws.ec2.RouteTable {
      return new aws.ec2.RouteTable(`${name}-${suffix}`, { vpcId: vpc.id, tags: naming.tags(suffix) }, parent);
    }

    function subnet(kind: "public" | "private", zone: string, cidrBlock: string, routes: aws.ec2.RouteTable) {
      const { key, value } = subnetRoleTags[kind];
      // The installer's default MachineSets look for subnets of exactly this name (openshift/installer,
      // `pkg/asset/machines/aws/machines.go`).
      const made = new aws.ec2.Subnet(
        `${name}-${kind}-${zone}`,
        { vpcId: vpc.id, availabilityZone: zone, cidrBlock, tags: naming.tags(`${kind}-${zone}`, { [key]: value }) },
        kept,
      );
      const association = new aws.ec2.RouteTableAssociation(
        `${name}-${kind}-${zone}`,
        { subnetId: made.id, routeTableId: routes.id },
        parent,
      );
      return { zone, subnet: made, association };
    }

    function natGateway(
      zone: string,
      publicSubnet: aws.ec2.Subnet,
      { gateway, route }: { gateway: pulumi.Resource; route: pulumi.Resource },
    ): { readonly id: pulumi.Output<string>; readonly address: pulumi.Output<string> } {
      // AWS refuses to detach the internet gateway while addresses are mapped through it. So addresses are created after the gateway and
      // deleted before it.
      const address = new aws.ec2.Eip(
        `${name}-nat-${zone}`,
        { domain: "vpc", tags: naming.tags(`nat-${zone}`) },
        { ...parent, dependsOn: gateway },
      );
      const { id } = new aws.ec2.NatGateway(
        `${name}-nat-${zone}`,
        { subnetId: publicSubnet.id, allocationId: address.id, tags: naming.tags(`nat-${zone}`) },
        { ...parent, dependsOn: route },
      );
      return { id, address: address.publicIp };
    }

    function privateDefaultRoute(zone: string, index: number): aws.ec2.Route {
      const natGatewayId = (natGateways.at(index) ?? natGateways[0]).id;
      return new aws.ec2.Route(
        `${name}-private-${zone}-default`,
        { routeTableId: privateRoutes[index].id, destinationCidrBlock: "0.0.0.0/0", natGatewayId },
        parent,
      );
    }
  }
}
