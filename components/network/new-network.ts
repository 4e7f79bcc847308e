import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allocateSubnets, type ZoneSubnets } from "../../config/network/subnets";
import type { NewNetworkConfiguration } from "../../config/configuration";
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

interface CreatedSubnet {
  readonly zone: string;
  readonly subnet: aws.ec2.Subnet;
  /** The association with its route table. */
  readonly association: pulumi.Resource;
}

/** ID and public address of a NAT gateway. */
interface NatGateway {
  readonly id: pulumi.Output<string>;
  readonly address: pulumi.Output<string>;
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

  constructor(
    private readonly baseName: string,
    private readonly args: NewNetworkArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:network:NewNetwork", baseName, {}, opts);
    const { naming, zones, network } = args;
    const subnetPlan = allocateSubnets(network.vpcCidr, zones);
    const vpc = new aws.ec2.Vpc(
      `${baseName}-vpc`,
      { cidrBlock: network.vpcCidr, enableDnsSupport: true, enableDnsHostnames: true, tags: naming.tags("vpc") },
      this.kept,
    );
    this.vpcId = vpc.id;
    const internet = network.publicSubnets ? this.connectToInternet(subnetPlan) : undefined;
    const publicSubnets = internet?.subnets ?? [];
    const natZones = { "per-zone": zones, single: zones.slice(0, 1), none: [] }[network.natGateways];
    const natGateways = internet ? natZones.map((zone, index) => this.createNatGateway(zone, publicSubnets[index].subnet, internet)) : [];
    const privateRoutes = zones.map((zone) => this.createRouteTable(`private-${zone}`));
    const privateSubnets = subnetPlan.map(({ zone, privateCidr }, index) =>
      this.createSubnet("private", zone, privateCidr, privateRoutes[index]),
    );
    this.natAddresses = pulumi.all(natGateways.map(({ address }) => address));
    const defaultRoutes =
      natGateways.length > 0
        ? zones.map((zone, index) => this.routeToNat(zone, privateRoutes[index], natGateways.at(index) ?? natGateways[0]))
        : [];
    const routeTables = [...(internet ? [internet.routes] : []), ...privateRoutes];
    const endpoints = this.createEndpoints(routeTables, privateSubnets);
    this.publicSubnets = publicSubnets.map(({ zone, subnet: { id } }) => ({ zone, id }));
    this.privateSubnets = privateSubnets.map(({ zone, subnet: { id } }) => ({ zone, id }));
    this.publicRoute = internet?.route;
    const associations = [...publicSubnets, ...privateSubnets].map(({ association }) => association);
    this.egress = [...(internet ? [internet.route] : []), ...associations, ...defaultRoutes, endpoints];
    this.registerOutputs();
  }

  /** Creates the internet gateway and the public subnets. */
  private connectToInternet(subnetPlan: readonly ZoneSubnets[]) {
    const { baseName, vpcId, args } = this;
    const parent = { parent: this };
    const gateway = new aws.ec2.InternetGateway(`${baseName}-gateway`, { vpcId, tags: args.naming.tags("igw") }, parent);
    const routes = this.createRouteTable("public");
    const route = new aws.ec2.Route(
      `${baseName}-public-default`,
      { routeTableId: routes.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      parent,
    );
    return {
      gateway,
      routes,
      route,
      subnets: subnetPlan.map(({ zone, publicCidr }) => this.createSubnet("public", zone, publicCidr, routes)),
    };
  }

  private createRouteTable(suffix: string): aws.ec2.RouteTable {
    const { baseName, vpcId, args } = this;
    return new aws.ec2.RouteTable(`${baseName}-${suffix}`, { vpcId, tags: args.naming.tags(suffix) }, { parent: this });
  }

  private createSubnet(kind: "public" | "private", zone: string, cidrBlock: string, routes: aws.ec2.RouteTable): CreatedSubnet {
    const { baseName, vpcId, args } = this;
    const { key, value } = subnetRoleTags[kind];
    // The installer's default MachineSets look for subnets of exactly this name (openshift/installer,
    // `pkg/asset/machines/aws/machines.go`).
    const subnet = new aws.ec2.Subnet(
      `${baseName}-${kind}-${zone}`,
      { vpcId, availabilityZone: zone, cidrBlock, tags: args.naming.tags(`${kind}-${zone}`, { [key]: value }) },
      this.kept,
    );
    const association = new aws.ec2.RouteTableAssociation(
      `${baseName}-${kind}-${zone}`,
      { subnetId: subnet.id, routeTableId: routes.id },
      { parent: this },
    );
    return { zone, subnet, association };
  }

  private createNatGateway(
    zone: string,
    publicSubnet: aws.ec2.Subnet,
    { gateway, route }: { readonly gateway: pulumi.Resource; readonly route: pulumi.Resource },
  ): NatGateway {
    const name = `${this.baseName}-nat-${zone}`;
    const tags = this.args.naming.tags(`nat-${zone}`);
    // AWS refuses to detach the internet gateway while addresses are mapped through it. So addresses are created after the gateway and
    // deleted before it.
    const address = new aws.ec2.Eip(name, { domain: "vpc", tags }, { parent: this, dependsOn: gateway });
    const { id } = new aws.ec2.NatGateway(
      name,
      { subnetId: publicSubnet.id, allocationId: address.id, tags },
      { parent: this, dependsOn: route },
    );
    return { id, address: address.publicIp };
  }

  private routeToNat(zone: string, routes: aws.ec2.RouteTable, { id: natGatewayId }: NatGateway): aws.ec2.Route {
    return new aws.ec2.Route(
      `${this.baseName}-private-${zone}-default`,
      { routeTableId: routes.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId },
      { parent: this },
    );
  }

  private createEndpoints(routeTables: readonly aws.ec2.RouteTable[], privateSubnets: readonly CreatedSubnet[]): VpcEndpoints {
    const { naming, region, network } = this.args;
    return new VpcEndpoints(
      `${this.baseName}-endpoints`,
      {
        naming,
        region,
        vpcId: this.vpcId,
        vpcCidr: network.vpcCidr,
        routeTableIds: routeTables.map(({ id }) => id),
        subnetIds: privateSubnets.map(({ subnet }) => subnet.id),
        interfaceServices: network.interfaceEndpoints,
      },
      { parent: this },
    );
  }

  /**
   * Options of the VPC and its subnets: protected, if configured. A changed CIDR block would create a second network, to which the instances
   * cannot move. With the protection, the preview already refuses such a change.
   */
  private get kept(): pulumi.CustomResourceOptions {
    return { parent: this, protect: this.args.protect };
  }
}
