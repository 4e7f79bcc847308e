/** Clusters in a network, with zones, that belong to somebody else. What such a test does not prove is said in program.ts. */
import { subnetRoleFacts } from "../facts/names";
import { devStack } from "./configurations";
import { difference } from "./difference";
import { infraId } from "./installer-answers";
import { type Declared, type Found, Program, say } from "./program";

type Keys = Readonly<Record<string, unknown>>;

const run = (changes: Keys, found: Found = {}) => Program.run(devStack(changes), found);
const clusterTag = `kubernetes.io/cluster/${infraId}`;

/** An existing VPC with a private and a public subnet in each of two zones, the way AWS describes it. */
const existing = {
  zones: undefined,
  vpcId: "vpc-0123456789abcdef0",
  privateSubnetIds: ["subnet-00000001", "subnet-00000002"],
  publicSubnetIds: ["subnet-0000000a", "subnet-0000000b"],
  machineCidr: "10.20.0.0/16",
};

interface Described {
  /** Subnets that somebody has tagged for load balancers. */
  readonly roleTags?: readonly string[];
  /** The private subnets' default route. */
  readonly wayOut?: Readonly<Record<string, string>>;
  /** The value of `domain-name` in the VPC's DHCP options. */
  readonly domainName?: string;
}

function describedVpc({ roleTags = [], wayOut = { natGatewayId: "nat-1" }, domainName }: Described = {}): Found {
  const subnets = ["subnet-00000001", "subnet-00000002", "subnet-0000000a", "subnet-0000000b"];
  const isPublic = (id: string) => existing.publicSubnetIds.includes(id);
  return {
    "aws:ec2/getVpc:getVpc": ({ id }) => ({
      id,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      cidrBlockAssociations: [{ cidrBlock: "10.20.0.0/16" }],
      dhcpOptionsId: domainName === undefined ? "default" : "dopt-0a1b",
    }),
    "aws:ec2/getVpcDhcpOptions:getVpcDhcpOptions": ({ dhcpOptionsId }) => ({ dhcpOptionsId, domainName }),
    "aws:ec2/getSubnet:getSubnet": ({ id }) => ({
      id,
      vpcId: existing.vpcId,
      availabilityZone: /[1a]$/.test(String(id)) ? "us-east-1a" : "us-east-1b",
      cidrBlock: `10.20.${subnets.indexOf(String(id))}.0/24`,
      availableIpAddressCount: 200,
      tags: roleTags.includes(String(id)) ? { [subnetRoleFacts[isPublic(String(id)) ? "public" : "private"][0]]: "1" } : {},
    }),
    "aws:ec2/getRouteTables:getRouteTables": () => ({ ids: ["rtb-main", "rtb-public"] }),
    "aws:ec2/getRouteTable:getRouteTable": ({ routeTableId }) =>
      routeTableId === "rtb-main"
        ? { associations: [{ main: true, subnetId: "" }], routes: [{ cidrBlock: "0.0.0.0/0", ...wayOut }] }
        : {
            associations: existing.publicSubnetIds.map((subnetId) => ({ main: false, subnetId })),
            routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }],
          },
  };
}

const newNetwork = {
  Vpc: -1,
  InternetGateway: -1,
  Subnet: -6,
  RouteTable: -4,
  RouteTableAssociation: -6,
  Route: -4,
  Eip: -3,
  NatGateway: -3,
  VpcEndpoint: -1,
};

describe("an existing VPC", () => {
  const tags = (program: Program) => program.all("aws:ec2/tag:Tag").map((tag) => say(tag, "resourceId", "key", "value"));
  const role = (kind: "public" | "private") => subnetRoleFacts[kind].join(" ");

  test("gets two tags on each subnet, as resources of their own, and nothing else", async () => {
    const program = await run(existing, describedVpc());
    expect(difference(program)).toEqual({ ...newNetwork, Tag: 8, FoundRoleTags: 1, Command: 4 });
    expect(tags(program).sort()).toEqual(
      [
        ...existing.privateSubnetIds.flatMap((id) => [`${id} ${clusterTag} shared`, `${id} ${role("private")}`]),
        ...existing.publicSubnetIds.flatMap((id) => [`${id} ${clusterTag} shared`, `${id} ${role("public")}`]),
      ].sort(),
    );
    const placed = (resource: Declared) => resource.inputs.subnetId ?? resource.inputs.subnets;
    expect(placed(program.one("aws:ec2/instance:Instance", "bootstrap-machine"))).toBe("subnet-0000000a");
    expect(["masters-0", "masters-1", "masters-2"].map((name) => placed(program.one("aws:ec2/instance:Instance", name)))).toEqual([
      "subnet-00000001",
      "subnet-00000002",
      "subnet-00000001",
    ]);
    expect(["ext", "int"].map((key) => placed(program.one("aws:lb/loadBalancer:LoadBalancer", `load-balancers-${key}`)))).toEqual([
      existing.publicSubnetIds,
      existing.privateSubnetIds,
    ]);
    const ranges = program.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map((rule) => say(rule, "cidrIpv4"));
    expect(new Set(ranges)).toEqual(new Set(["10.20.0.0/16", "198.51.100.0/24", ""]));
  });

  test("keeps the role tags that somebody else gave it: destroying the cluster must not take them away", async () => {
    const foreign = ["subnet-00000001", "subnet-0000000b"];
    const program = await run(existing, describedVpc({ roleTags: foreign }));
    expect(
      tags(program)
        .filter((tag) => tag.includes("role"))
        .sort(),
    ).toEqual([`subnet-00000002 ${role("private")}`, `subnet-0000000a ${role("public")}`]);
    expect(tags(program).filter((tag) => tag.includes(clusterTag))).toHaveLength(4);
  });

  test.each<Readonly<Record<string, string>>>([
    { transitGatewayId: "tgw-1" },
    { networkInterfaceId: "eni-1" },
    { vpcPeeringConnectionId: "pcx-1" },
    { vpcEndpointId: "vpce-1" },
    { coreNetworkArn: "arn:aws:networkmanager::123456789012:core-network/core-network-1" },
    { localGatewayId: "lgw-1" },
  ])("may lead out however it does: %j", async (wayOut) => {
    expect(difference(await run(existing, describedVpc({ wayOut })))).toMatchObject({ Tag: 8 });
  });

  test("without a way out is refused before anything is made", async () => {
    const { message, declared } = await Program.refusal(devStack(existing), describedVpc({ wayOut: { gatewayId: "" } }));
    expect(message).toMatch(/subnet-00000001, which has no default route[\s\S]*subnet-00000002, which has no default route/);
    expect(declared).toEqual([]);
  });

  test("may have a domain of its own, after which its nodes are named", async () => {
    for (const domainName of ["", "corp.example.com", "Corp.Example.com. second_domain"])
      expect(difference(await run(existing, describedVpc({ domainName })))).toMatchObject({ Tag: 8 });
  });

  test("whose domain no node can have in its name is refused before anything is made", async () => {
    const { message, declared } = await Program.refusal(
      devStack(existing),
      describedVpc({ domainName: "Corp_Net.example.com other.example.com" }),
    );
    expect(message).toMatch(
      /vpcId names a VPC whose DHCP options have the domain corp_net\.example\.com, which no node can have in its name/,
    );
    expect(declared).toEqual([]);
  });

  test("lends its machines further groups, pool by pool, besides the one that carries the cluster's tag", async () => {
    const groups = {
      masterSecurityGroupIds: ["sg-00000001"],
      workerSecurityGroupIds: ["sg-00000002", "sg-00000003"],
      infraCount: 1,
      infraSecurityGroupIds: ["sg-00000004"],
    };
    const program = await run({ ...existing, ...groups }, describedVpc());
    const carried = (name: string) => program.one("aws:ec2/instance:Instance", name).inputs.vpcSecurityGroupIds;
    expect(["masters-2", "workers-0", "infra-0", "bootstrap-machine"].map(carried)).toEqual([
      ["security-groups-masters-id", "sg-00000001"],
      ["security-groups-workers-id", "sg-00000002", "sg-00000003"],
      ["security-groups-workers-id", "sg-00000004"],
      ["security-groups-bootstrap-id", "security-groups-masters-id"],
    ]);
  });
});

describe("an existing VPC of a cluster that is cut off", () => {
  const releaseImage = `quay.io/okd/scos-release@sha256:${"0123456789abcdef".repeat(4)}`;
  const restricted = { ...existing, installerHost: true, mirror: "restricted", credentialsMode: "passthrough", releaseImage };
  /** Endpoints by service and kind; the provider's words where there is none. */
  const endpoints = (...there: readonly string[]): Found => ({
    "aws:ec2/getVpcEndpoint:getVpcEndpoint": ({ serviceName, filters, vpcId, state }) => {
      const [{ values }] = filters as { values: string[] }[];
      expect([vpcId, state]).toEqual([existing.vpcId, "available"]);
      if (!there.includes(`${String(serviceName)} ${values[0]}`)) throw refusal("no matching EC2 VPC Endpoint found");
      return { id: "vpce-1", routeTableIds: ["rtb-main"], privateDnsEnabled: true };
    },
  });
  const name = (service: string, kind = "Interface") => `com.amazonaws.us-east-1.${service} ${kind}`;
  /** As the engine hands on what the provider says: the SDK reads the details. */
  const refusal = (details: string) => Object.assign(new Error(details), { details });
  const isolated = describedVpc({ wayOut: { gatewayId: "" } });

  test("is refused before anything is made when it lacks endpoints, each by its name", async () => {
    const { message, declared } = await Program.refusal(devStack(restricted), { ...isolated, ...endpoints(name("ec2")) });
    expect(message.match(/names a VPC without an? \w+ endpoint of \S+(?=,)/g)).toEqual([
      "names a VPC without a gateway endpoint of com.amazonaws.us-east-1.s3",
      "names a VPC without an interface endpoint of com.amazonaws.us-east-1.elasticloadbalancing",
      "names a VPC without an interface endpoint of com.amazonaws.us-east-1.sts",
    ]);
    expect(message).toContain("--service-name com.amazonaws.us-east-1.s3 --route-table-ids rtb-main");
    expect(declared).toEqual([]);
  });

  test("is taken with all of them, and with another way out none is asked for", async () => {
    const all = [name("s3", "Gateway"), ...["ec2", "elasticloadbalancing", "sts"].map((service) => name(service))];
    expect((await run(restricted, { ...isolated, ...endpoints(...all) })).all("aws:ec2/vpcEndpoint:VpcEndpoint")).toEqual([]);
    expect((await run(restricted, { ...describedVpc(), ...endpoints() })).all("aws:ec2/vpcEndpoint:VpcEndpoint")).toEqual([]);
    expect((await run({ ...restricted, httpsProxy: "http://proxy:3128" }, isolated)).all("aws:ec2/vpcEndpoint:VpcEndpoint")).toEqual([]);
  });

  test("is taken where the credentials may not look at endpoints", async () => {
    const denied = () => {
      throw refusal("UnauthorizedOperation: You are not authorized to perform this operation");
    };
    await run(restricted, { ...isolated, "aws:ec2/getVpcEndpoint:getVpcEndpoint": denied });
  });
});

describe("an existing private zone", () => {
  const zone = { ...existing, privateZoneId: "Z0123456789EXISTING" };
  const records = (program: Program) =>
    program
      .all("aws:route53/record:Record")
      .map((record) => `${say(record, "zoneId", "name")} by ${record.provider.split("::").at(-2) ?? "this account"}`);

  test("go into an existing private zone, which stays as it is", async () => {
    const program = await run(zone, describedVpc());
    expect(difference(program)).toMatchObject({ Zone: -1 });
    expect(records(program).sort()).toEqual([
      "Z0123456789EXISTING api-int.dev.okd.example.com by this account",
      "Z0123456789EXISTING api.dev.okd.example.com by this account",
      "Z0PUBLIC api.dev.okd.example.com by this account",
    ]);
    expect(program.all("pulumi:providers:aws")).toEqual([]);
  });

  test.each([
    ["another domain's", { name: "other.example.com", privateZone: true }],
    ["a public one", { name: "dev.okd.example.com", privateZone: false }],
  ])("is refused when it is %s: no machine would find a name in it", async (_, described) => {
    const zones = {
      "aws:route53/getZone:getZone": ({ name, zoneId }: Record<string, unknown>) => (zoneId ? described : { name, zoneId: "Z0" }),
    };
    await expect(run(zone, { ...describedVpc(), ...zones })).rejects.toThrow("privateZoneId names Z0123456789EXISTING, which is not there");
  });

  test.each([
    ["none of its name", () => Promise.reject(Object.assign(new Error(), { details: "no matching Route 53 Hosted Zone found" }))],
    ["another one", () => ({ zoneId: "Z9876543210OTHER" })],
  ])("is refused when the VPC resolves through %s", async (_, ofVpc) => {
    const described = { name: "dev.okd.example.com", privateZone: true };
    const asked: Record<string, unknown>[] = [];
    const zones: Found = {
      "aws:route53/getZone:getZone": (inputs) => {
        if (inputs.vpcId === undefined) return inputs.zoneId === undefined ? { zoneId: "Z0PUBLIC" } : described;
        asked.push(inputs);
        return ofVpc() as Record<string, unknown>;
      },
    };
    const { message, declared } = await Program.refusal(devStack(zone), { ...describedVpc(), ...zones });
    expect(message).toMatch(/privateZoneId names Z0123456789EXISTING, which is not associated with vpc-0123456789abcdef0/);
    expect(message).toContain("--hosted-zone-id Z0123456789EXISTING --vpc VPCRegion=us-east-1,VPCId=vpc-0123456789abcdef0");
    expect(asked).toEqual([{ name: "dev.okd.example.com", privateZone: true, vpcId: existing.vpcId }]);
    expect(declared).toEqual([]);
  });

  test("go into another account's private zone with its role, through one further provider and for these two records only", async () => {
    const roleArn = "arn:aws:iam::210987654321:role/shared-zone";
    const program = await run({ ...zone, privateZoneRoleArn: roleArn }, describedVpc());
    const provider = program.one("pulumi:providers:aws");
    expect([provider.inputs.region, JSON.parse(provider.inputs.assumeRoles as string)]).toEqual(["us-east-1", [{ roleArn }]]);
    expect(records(program).sort()).toEqual([
      `Z0123456789EXISTING api-int.dev.okd.example.com by ${provider.name}`,
      `Z0123456789EXISTING api.dev.okd.example.com by ${provider.name}`,
      "Z0PUBLIC api.dev.okd.example.com by this account",
    ]);
    expect(program.resources.filter(({ provider: used }) => used.includes(provider.name))).toHaveLength(2);
  });
});
