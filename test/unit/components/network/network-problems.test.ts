import type { FoundNetwork, FoundSubnet } from "../../../../components/network/found-network";
import { foreignSubnetsUsedBy } from "../../../../components/network/foreign-subnets";
import { networkProblems, type NetworkNeeds } from "../../../../components/network/network-problems";
import { instanceCounts } from "../../../../components/network/free-address-problems";

const account = "123456789012";
const subnet = (id: string, zone: string, third: number, changes: Partial<FoundSubnet> = {}): FoundSubnet => ({
  id,
  zone,
  cidrBlock: `10.20.${third}.0/24`,
  freeAddresses: 200,
  hostnames: "ip-name",
  routeTableId: `rtb-${id}`,
  defaultRoute: id.startsWith("public") ? "igw-1" : "nat-1",
  leavesVpc: true,
  reachesInternetGateway: id.startsWith("public"),
  hasRoleTag: false,
  ...changes,
});
const sound: FoundNetwork = {
  vpcId: "vpc-1",
  ownerId: account,
  vpcCidrs: ["10.20.0.0/16", "100.64.0.0/16"],
  dnsSupport: true,
  dnsHostnames: true,
  domain: "ec2.internal",
  privateSubnets: [subnet("private-a", "us-east-1a", 0), subnet("private-b", "us-east-1b", 1)],
  publicSubnets: [subnet("public-a", "us-east-1a", 2), subnet("public-b", "us-east-1b", 3)],
  foreignSubnets: [],
};
const [privateA, privateB] = sound.privateSubnets;
const [publicA, publicB] = sound.publicSubnets;

/** Three control plane instances and two workers in two zones, and the bootstrap instance. */
const counts = { privateSubnetIds: [3, 2], publicSubnetIds: [1, 0] };
const needs: NetworkNeeds = {
  account,
  dns: { management: "managed" },
  machineCidrs: ["10.20.0.0/16"],
  needsDefaultRoute: true,
  zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
  instanceCounts: counts,
};

/** The problems, as `key: value`. */
function problems(changes: Partial<FoundNetwork>, options: Partial<NetworkNeeds> = {}): string[] {
  const found = networkProblems({ ...sound, ...changes }, { ...needs, ...options });
  for (const { wrong, allowed, fix } of found) for (const text of [wrong, allowed, fix]) expect(text).toMatch(/\w{3}/);
  return found.map(({ key, value }) => (value === undefined ? key : `${key}: ${value}`));
}

test("a valid network has no problem, with or without public subnets", () => {
  expect(problems({})).toEqual([]);
  expect(problems({ publicSubnets: [] })).toEqual([]);
});

test.each<[string, Partial<FoundNetwork>, Partial<NetworkNeeds>, string[]]>([
  ["names that can't be resolved", { dnsSupport: false, dnsHostnames: false }, {}, ["vpcId: vpc-1", "vpcId: vpc-1"]],
  ["instances that can be reached from outside the VPC", {}, { machineCidrs: ["10.0.0.0/9"] }, ["machineCidr: 10.0.0.0/9"]],
  ["a domain with the longest name that fits", { domain: `corp.${"x".repeat(43)}` }, {}, []],
  ["no domain", { domain: "" }, {}, []],
  ["a domain that makes nodes' names too long", { domain: `corp.${"x".repeat(44)}` }, {}, ["vpcId: vpc-1"]],
  [
    "a domain that is too long for names made from instances' IDs",
    { domain: `corp.${"x".repeat(39)}`, privateSubnets: [{ ...privateA, hostnames: "resource-name" }, privateB] },
    {},
    ["vpcId: vpc-1"],
  ],
  ["a domain with an underscore", { domain: "corp_net.example.com" }, {}, ["vpcId: vpc-1"]],
  ["a domain with an empty label", { domain: "corp..com" }, {}, ["vpcId: vpc-1"]],
  [
    "two subnets in a zone",
    { privateSubnets: [privateA, { ...privateB, zone: "us-east-1a" }], publicSubnets: [publicA] },
    {},
    ["privateSubnetIds: private-a, private-b"],
  ],
  ["a zone without a public subnet", { publicSubnets: [publicA] }, {}, ["publicSubnetIds"]],
  ["public subnets of other zones", { publicSubnets: [publicA, { ...publicB, zone: "us-east-1c" }] }, {}, ["publicSubnetIds"]],
  [
    "a local zone",
    {
      privateSubnets: [privateA, { ...privateB, zone: "us-east-1-nyc-1a" }],
      publicSubnets: [publicA, { ...publicB, zone: "us-east-1-nyc-1a" }],
    },
    {},
    ["privateSubnetIds: private-b", "publicSubnetIds: public-b"],
  ],
  [
    "a wavelength zone",
    { privateSubnets: [{ ...privateA, zone: "us-east-1-wl1-bos-wlz-1" }], publicSubnets: [] },
    {},
    ["privateSubnetIds: private-a"],
  ],
  [
    "an Outpost in one of the zones",
    { privateSubnets: [privateA, { ...privateB, outpostArn: "arn:aws:outposts:us-east-1:123456789012:outpost/op-1" }] },
    {},
    ["privateSubnetIds: private-b"],
  ],
  [
    "a subnet with only IPv6 addresses, so it has no free address",
    { privateSubnets: [privateA, { ...privateB, cidrBlock: "", freeAddresses: 0 }] },
    {},
    ["privateSubnetIds: private-b"],
  ],
  [
    "eight free addresses, which the load balancers need, and one for the bootstrap instance",
    {
      publicSubnets: [
        { ...publicA, freeAddresses: 8 },
        { ...publicB, freeAddresses: 8 },
      ],
    },
    {},
    ["publicSubnetIds: public-a"],
  ],
  [
    "enough addresses",
    {
      publicSubnets: [
        { ...publicA, freeAddresses: 9 },
        { ...publicB, freeAddresses: 8 },
      ],
    },
    {},
    [],
  ],
  [
    "no room for the instances of a zone",
    {
      privateSubnets: [
        { ...privateA, freeAddresses: 10 },
        { ...privateB, freeAddresses: 10 },
      ],
    },
    {},
    ["privateSubnetIds: private-a"],
  ],
  [
    "too few addresses left for the load balancers after the instances have theirs",
    { privateSubnets: [{ ...privateA, freeAddresses: 2 }, privateB], publicSubnets: [{ ...publicA, freeAddresses: 0 }, publicB] },
    { instanceCounts: undefined },
    [],
  ],
  ["instances outside the configured CIDR block", {}, { machineCidrs: ["10.20.0.0/23"] }, ["machineCidr: 10.20.0.0/23"]],
  [
    "a private subnet behind an internet gateway",
    { privateSubnets: [{ ...privateA, defaultRoute: "igw-1" }, privateB] },
    {},
    ["privateSubnetIds: private-a"],
  ],
  [
    "a private subnet without egress",
    { privateSubnets: [privateA, { ...privateB, defaultRoute: undefined }] },
    {},
    ["privateSubnetIds: private-b"],
  ],
  [
    "a private subnet behind a proxy",
    { privateSubnets: [privateA, { ...privateB, defaultRoute: undefined }] },
    { needsDefaultRoute: false },
    [],
  ],
  [
    "a transit gateway, an appliance or a firewall as egress",
    {
      privateSubnets: [
        { ...privateA, defaultRoute: "tgw-1" },
        { ...privateB, defaultRoute: "vpce-1" },
      ],
    },
    {},
    [],
  ],
  [
    "a public subnet behind a NAT gateway",
    { publicSubnets: [{ ...publicA, defaultRoute: "nat-1" }, publicB] },
    {},
    ["publicSubnetIds: public-a"],
  ],
  [
    "a public subnet without a route",
    { publicSubnets: [{ ...publicA, defaultRoute: undefined }, publicB] },
    { needsDefaultRoute: false },
    ["publicSubnetIds: public-a"],
  ],
])("the existing network is refused: %s", (_, changes, options, expected) => {
  expect(problems(changes, options)).toEqual(expected);
});

describe("an existing VPC with several CIDR blocks", () => {
  const inRange = (found: FoundSubnet, cidrBlock: string): FoundSubnet => ({ ...found, cidrBlock });
  const twoRanges: Partial<FoundNetwork> = {
    vpcCidrs: ["10.20.0.0/22", "10.30.0.0/20"],
    privateSubnets: [inRange(privateA, "10.30.0.0/24"), inRange(privateB, "10.30.1.0/24")],
    publicSubnets: [inRange(publicA, "10.20.2.0/24"), inRange(publicB, "10.20.3.0/24")],
  };

  test("accepts instances in all of them, and reports blocks that the configuration lacks", () => {
    const [problem, ...others] = networkProblems({ ...sound, ...twoRanges }, { ...needs, machineCidrs: ["10.30.0.0/20"] });
    expect(others).toEqual([]);
    expect(problem.wrong).toBe(
      "does not contain 10.20.2.0/24 of public-a and 10.20.3.0/24 of public-b, which the security groups would block",
    );
    expect(problem.fix).toBe("pulumi config set machineCidr 10.30.0.0/20,10.20.0.0/22");
    expect(problems(twoRanges, { machineCidrs: ["10.30.0.0/20", "10.20.0.0/22"] })).toEqual([]);
    expect(problems({ ...twoRanges, publicSubnets: [] }, { machineCidrs: ["10.30.0.0/20"] })).toEqual([]);
  });

  test("may have a CIDR block for each zone", () => {
    const privateSubnets = [inRange(privateA, "10.20.2.0/24"), inRange(privateB, "10.30.1.0/24")];
    const zones = { ...twoRanges, privateSubnets, publicSubnets: [] };
    expect(problems(zones, { machineCidrs: ["10.20.2.0/24", "10.30.1.0/24"] })).toEqual([]);
    expect(problems(zones, { machineCidrs: ["10.20.0.0/22"] })).toEqual(["machineCidr: 10.20.0.0/22"]);
  });

  test("may have a configured CIDR block that the VPC's blocks cover only together; a block with a gap is refused", () => {
    const joined = { ...sound, vpcCidrs: ["10.20.0.0/24", "10.20.1.0/24", "10.20.2.0/23"] };
    expect(problems(joined, { machineCidrs: ["10.20.0.0/22"] })).toEqual([]);
    expect(problems({ ...joined, vpcCidrs: ["10.20.0.0/24", "10.20.2.0/23"] }, { machineCidrs: ["10.20.0.0/22"] })).toEqual([
      "machineCidr: 10.20.0.0/22",
    ]);
  });
});

describe("an existing VPC of another account", () => {
  const shared = { ownerId: "210987654321" };

  test("needs an existing private hosted zone, and the error names the zone's keys", () => {
    const [problem, ...others] = networkProblems({ ...sound, ...shared }, needs);
    expect(others).toEqual([]);
    expect(problem.key).toBe("vpcId");
    for (const text of ["210987654321", account, "privateZoneId and privateZoneRoleArn"]) expect(problem.wrong).toContain(text);
    expect(problem.fix).toContain("pulumi config set dnsManagement user");
  });

  test("is accepted with a private hosted zone, with a zone and a role for it, and with user-managed DNS", () => {
    const zone = { id: "Z0123456789EXISTING", roleArn: "arn:aws:iam::210987654321:role/shared-zone" };
    expect(problems(shared, { dns: { management: "managed", privateZone: zone } })).toEqual([]);
    expect(problems(shared, { dns: { management: "managed", privateZone: { id: zone.id } } })).toEqual([]);
    expect(problems(shared, { dns: { management: "user" } })).toEqual([]);
  });
});

describe("load balancers in subnets that are not configured", () => {
  const foreign = (id: string, zone: string, isPublic: boolean) => ({ id, zone, isPublic });
  const network: FoundNetwork = {
    ...sound,
    foreignSubnets: [
      foreign("public-c", "us-east-1c", true),
      foreign("private-c", "us-east-1c", false),
      foreign("other-a", "us-east-1a", true),
    ],
  };
  const landing = (found: FoundNetwork, scope: "External" | "Internal") => foreignSubnetsUsedBy(found, scope).map(({ id }) => id);

  test("are reported in zones without a configured subnet: public ones in public subnets, internal ones in any subnet", () => {
    expect(landing(network, "External")).toEqual(["public-c"]);
    expect(landing(network, "Internal")).toEqual(["public-c", "private-c"]);
  });

  test("are reported in the public subnets of all zones if the cluster has no public subnets", () => {
    expect(landing({ ...network, publicSubnets: [] }, "External")).toEqual(["public-c", "other-a"]);
  });
});

test("instances are spread over the zones in turn; the bootstrap instance and the installer host are in the first one", () => {
  const pool = (count: number) => ({
    count,
    instanceType: "m6i.xlarge",
    volume: { sizeGib: 120, type: "gp3" as const },
    securityGroupIds: [],
  });
  const cluster = { masters: pool(3), workers: pool(30), infra: pool(1), publish: "External" as const, platform: {} };
  expect(instanceCounts(cluster, 2)).toEqual({ privateSubnetIds: [2 + 15 + 1, 1 + 15], publicSubnetIds: [1, 0] });
  const sharedStorage = { fileSystem: { kind: "existing" as const, id: "fs-1" }, volumes: [] };
  expect(instanceCounts({ ...cluster, platform: { sharedStorage } }, 2)).toEqual({ privateSubnetIds: [19, 17], publicSubnetIds: [1, 0] });
  const host = {
    installerHost: { instanceType: "m6i.large", registry: { storage: "volume" as const, volumeSizeGib: 1, image: "", rotation: "" } },
  };
  expect(instanceCounts({ ...cluster, ...host, publish: "Internal" }, 3)).toEqual({
    privateSubnetIds: [1 + 10 + 1 + 2, 11, 11],
    publicSubnetIds: [],
  });
});

test("all problems of an existing network are reported at once", () => {
  const privateSubnets = [
    { ...privateA, defaultRoute: undefined, freeAddresses: 0 },
    { ...privateB, zone: "us-east-1a" },
  ];
  const changes = { dnsSupport: false, ownerId: "210987654321", privateSubnets };
  expect(problems(changes, { machineCidrs: ["10.99.0.0/16"] }).map((problem) => problem.split(":")[0])).toEqual([
    "vpcId",
    "vpcId",
    "machineCidr",
    "machineCidr",
    "privateSubnetIds",
    "publicSubnetIds",
    "privateSubnetIds",
    "privateSubnetIds",
  ]);
});
