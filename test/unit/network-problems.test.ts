import type { FoundNetwork, FoundSubnet } from "../../components/network/found-network";
import { networkProblems } from "../../components/network/network-problems";

const subnet = (id: string, zone: string, third: number, changes: Partial<FoundSubnet> = {}): FoundSubnet => ({
  id,
  zone,
  cidrBlock: `10.20.${third}.0/24`,
  freeAddresses: 200,
  hostnames: "ip-name",
  routeTableId: `rtb-${id}`,
  defaultRoute: id.startsWith("public") ? "igw-1" : "nat-1",
  leadsOut: true,
  hasRoleTag: false,
  ...changes,
});
const sound: FoundNetwork = {
  vpcId: "vpc-1",
  vpcCidrs: ["10.20.0.0/16", "100.64.0.0/16"],
  dnsSupport: true,
  dnsHostnames: true,
  domain: "ec2.internal",
  privateSubnets: [subnet("private-a", "us-east-1a", 0), subnet("private-b", "us-east-1b", 1)],
  publicSubnets: [subnet("public-a", "us-east-1a", 2), subnet("public-b", "us-east-1b", 3)],
};
const [privateA, privateB] = sound.privateSubnets;
const [publicA, publicB] = sound.publicSubnets;

/** What is wrong, as `key: value`. */
function problems(changes: Partial<FoundNetwork>, options: { machineCidr?: string; needsWayOut?: boolean } = {}): string[] {
  const found = networkProblems({ ...sound, ...changes }, { machineCidr: "10.20.0.0/16", needsWayOut: true, ...options });
  for (const { wrong, allowed, fix } of found) for (const text of [wrong, allowed, fix]) expect(text).toMatch(/\w{3}/);
  return found.map(({ key, value }) => (value === undefined ? key : `${key}: ${value}`));
}

test("a sound network has no problem, with or without a way in", () => {
  expect(problems({})).toEqual([]);
  expect(problems({ publicSubnets: [] })).toEqual([]);
});

test.each<[string, Partial<FoundNetwork>, { machineCidr?: string; needsWayOut?: boolean }, string[]]>([
  ["names that can't be resolved", { dnsSupport: false, dnsHostnames: false }, {}, ["vpcId: vpc-1", "vpcId: vpc-1"]],
  ["machines that others than the VPC reach", {}, { machineCidr: "10.0.0.0/9" }, ["machineCidr: 10.0.0.0/9"]],
  ["a domain with the longest name that fits", { domain: `corp.${"x".repeat(43)}` }, {}, []],
  ["no domain", { domain: "" }, {}, []],
  ["a domain that makes nodes' names too long", { domain: `corp.${"x".repeat(44)}` }, {}, ["vpcId: vpc-1"]],
  [
    "the same with names made from instances' IDs",
    { domain: `corp.${"x".repeat(39)}`, privateSubnets: [{ ...privateA, hostnames: "resource-name" }, privateB] },
    {},
    ["vpcId: vpc-1"],
  ],
  ["a domain with an underscore", { domain: "corp_net.example.com" }, {}, ["vpcId: vpc-1"]],
  ["a domain with an empty part", { domain: "corp..com" }, {}, ["vpcId: vpc-1"]],
  [
    "two subnets in a zone",
    { privateSubnets: [privateA, { ...privateB, zone: "us-east-1a" }], publicSubnets: [publicA] },
    {},
    ["privateSubnetIds: private-a, private-b"],
  ],
  ["a zone without a public subnet", { publicSubnets: [publicA] }, {}, ["publicSubnetIds"]],
  ["public subnets of other zones", { publicSubnets: [publicA, { ...publicB, zone: "us-east-1c" }] }, {}, ["publicSubnetIds"]],
  [
    "seven free addresses where a balancer needs eight",
    { publicSubnets: [{ ...publicA, freeAddresses: 7 }, publicB] },
    {},
    ["publicSubnetIds: public-a"],
  ],
  ["eight free addresses", { publicSubnets: [{ ...publicA, freeAddresses: 8 }, publicB] }, {}, []],
  ["machines outside the machines' range", {}, { machineCidr: "10.20.0.0/23" }, ["machineCidr: 10.20.0.0/23", "machineCidr: 10.20.0.0/23"]],
  [
    "a private subnet behind an internet gateway",
    { privateSubnets: [{ ...privateA, defaultRoute: "igw-1" }, privateB] },
    {},
    ["privateSubnetIds: private-a"],
  ],
  [
    "a private subnet without a way out",
    { privateSubnets: [privateA, { ...privateB, defaultRoute: undefined }] },
    {},
    ["privateSubnetIds: private-b"],
  ],
  ["a private subnet behind a proxy", { privateSubnets: [privateA, { ...privateB, defaultRoute: undefined }] }, { needsWayOut: false }, []],
  [
    "a transit gateway, an appliance or a firewall as the way out",
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
    { needsWayOut: false },
    ["publicSubnetIds: public-a"],
  ],
])("%s", (_, changes, options, expected) => {
  expect(problems(changes, options)).toEqual(expected);
});

test("everything that is wrong is said at once", () => {
  const privateSubnets = [
    { ...privateA, defaultRoute: undefined, freeAddresses: 0 },
    { ...privateB, zone: "us-east-1a" },
  ];
  expect(problems({ dnsSupport: false, privateSubnets }, { machineCidr: "10.99.0.0/16" }).map((problem) => problem.split(":")[0])).toEqual([
    "vpcId",
    "machineCidr",
    "privateSubnetIds",
    "privateSubnetIds",
    "machineCidr",
    "privateSubnetIds",
    "machineCidr",
    "machineCidr",
    "machineCidr",
    "publicSubnetIds",
  ]);
});
