import { subnetRoleFacts } from "../facts/names";
import type { AwsAnswers } from "./program";

/** An existing VPC with a private and a public subnet in each of two zones, as AWS describes it. */
export const existing = {
  zones: undefined,
  vpcId: "vpc-0123456789abcdef0",
  privateSubnetIds: ["subnet-00000001", "subnet-00000002"],
  publicSubnetIds: ["subnet-0000000a", "subnet-0000000b"],
  machineCidr: "10.20.0.0/16",
};

/** The account that the credentials belong to. */
export const ownAccountId = "123456789012";

/** The properties in which a VPC differs from the default VPC of these tests. */
export interface Described {
  /** Subnets with load balancer role tags that the user set. */
  readonly roleTags?: readonly string[];
  /** The target of the default route of the private subnets. */
  readonly defaultRoute?: Readonly<Record<string, string>>;
  /** The zones of other subnets in the VPC, by subnet ID. */
  readonly others?: Readonly<Record<string, string>>;
  /** The other subnets that have a cluster's tag. */
  readonly tagged?: readonly string[];
  /** Account that the VPC belongs to. */
  readonly ownerId?: string;
  /** The value of `domain-name` in the VPC's DHCP options; undefined in a VPC without DHCP options. */
  readonly domainName?: string;
  /** One of the configured subnets, and the attributes in which it differs from the default subnet of these tests. */
  readonly otherwise?: readonly [id: string, described: Readonly<Record<string, unknown>>];
}

/** AWS's answers about a VPC with the subnets of {@link existing}. */
export function describedVpc(described: Described = {}): AwsAnswers {
  const {
    roleTags = [],
    defaultRoute = { natGatewayId: "nat-1" },
    others = {},
    tagged = [],
    ownerId = ownAccountId,
    domainName,
  } = described;
  const { otherwise = [] } = described;
  const subnets = ["subnet-00000001", "subnet-00000002", "subnet-0000000a", "subnet-0000000b"];
  const isPublic = (id: string) => existing.publicSubnetIds.includes(id);
  return {
    "aws:ec2/getVpc:getVpc": ({ id }) => ({
      id,
      ownerId,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      cidrBlockAssociations: [
        { cidrBlock: "10.20.0.0/16", state: "associated" },
        { cidrBlock: "not a range", state: "failed" },
      ],
      dhcpOptionsId: domainName === undefined ? "default" : "dopt-0a1b",
    }),
    "aws:ec2/getVpcDhcpOptions:getVpcDhcpOptions": ({ dhcpOptionsId }) => ({ dhcpOptionsId, domainName }),
    "aws:ec2/getSubnets:getSubnets": ({ filters }) => {
      const asked = new Map((filters as { name: string; values: string[] }[]).map(({ name, values }) => [name, values[0]]));
      expect(asked.get("vpc-id")).toBe(existing.vpcId);
      if (asked.has("tag-key")) return { ids: tagged };
      const zone = asked.get("availability-zone");
      return { ids: zone === undefined ? [...subnets, ...Object.keys(others)] : Object.keys(others).filter((id) => others[id] === zone) };
    },
    "aws:ec2/getSubnet:getSubnet": ({ id }) => ({
      id,
      vpcId: existing.vpcId,
      availabilityZone: /[1a]$/.test(String(id)) ? "us-east-1a" : "us-east-1b",
      cidrBlock: `10.20.${subnets.indexOf(String(id))}.0/24`,
      availableIpAddressCount: 200,
      tags: roleTags.includes(String(id)) ? { [subnetRoleFacts[isPublic(String(id)) ? "public" : "private"][0]]: "1" } : {},
      ...(otherwise[0] === id && otherwise[1]),
    }),
    "aws:ec2/getRouteTables:getRouteTables": () => ({ ids: ["rtb-main", "rtb-public"] }),
    "aws:ec2/getRouteTable:getRouteTable": ({ routeTableId }) =>
      routeTableId === "rtb-main"
        ? { associations: [{ main: true, subnetId: "" }], routes: [{ cidrBlock: "0.0.0.0/0", ...defaultRoute }] }
        : {
            associations: [...existing.publicSubnetIds, ...Object.keys(others).filter((id) => id.startsWith("subnet-pub"))].map(
              (subnetId) => ({ main: false, subnetId }),
            ),
            routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }],
          },
  };
}
