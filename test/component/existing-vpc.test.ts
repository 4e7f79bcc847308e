/** Clusters in an existing VPC. program.ts lists the facts that this kind of test cannot prove. */
import * as pulumi from "@pulumi/pulumi";
import { subnetRoleFacts } from "../facts/names";
import { devStack } from "./configurations";
import { type Described, describedVpc, existing } from "./described-vpc";
import { differenceFromDevStack } from "./difference";
import { infraId } from "./installer-answers";
import { type Declared, type AwsAnswers, Program, say } from "./program";

afterEach(() => {
  jest.restoreAllMocks();
});

type Keys = Readonly<Record<string, unknown>>;

const run = (changes: Keys, found: AwsAnswers = {}) => Program.run(devStack(changes), found);
const clusterTag = `kubernetes.io/cluster/${infraId}`;

const releaseImage = `quay.io/okd/scos-release@sha256:${"0123456789abcdef".repeat(4)}`;

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

  test("gets two tags on each subnet, as separate resources, and nothing else", async () => {
    const program = await run(existing, describedVpc());
    expect(differenceFromDevStack(program)).toEqual({ ...newNetwork, Tag: 8, FoundRoleTags: 1, Command: 4 });
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
    const rules = program.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    const ranges = rules.filter(({ name }) => name.startsWith("security-groups-")).map((rule) => say(rule, "cidrIpv4"));
    expect(new Set(ranges)).toEqual(new Set(["10.20.0.0/16", "198.51.100.0/24", ""]));
  });

  test("keeps the role tags that it had before, because a destroy of the cluster must not delete them", async () => {
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
  ])("may have any target in its default route: %j", async (defaultRoute) => {
    expect(differenceFromDevStack(await run(existing, describedVpc({ defaultRoute })))).toMatchObject({ Tag: 8 });
  });

  test("without egress is refused before any resource is created", async () => {
    const { message, declared } = await Program.refusal(devStack(existing), describedVpc({ defaultRoute: { gatewayId: "" } }));
    expect(message).toMatch(/subnet-00000001, which has no default route[\s\S]*subnet-00000002, which has no default route/);
    expect(declared).toEqual([]);
  });

  test.each<[string, NonNullable<Described["otherwise"]>, Keys, string]>([
    [
      "a subnet in a local zone",
      ["subnet-00000002", { availabilityZone: "us-east-1-nyc-1a" }],
      {},
      "privateSubnetIds names subnet-00000002 in us-east-1-nyc-1a, which is not an available availability zone",
    ],
    [
      "a subnet on an Outpost",
      ["subnet-0000000b", { outpostArn: "arn:aws:outposts:us-east-1:123456789012:outpost/op-1" }],
      {},
      "publicSubnetIds names subnet-0000000b, which is on the Outpost arn:aws:outposts:us-east-1:123456789012:outpost/op-1",
    ],
    [
      "an IPv6-only subnet",
      ["subnet-00000002", { cidrBlock: "", ipv6Native: true }],
      {},
      "privateSubnetIds names subnet-00000002, which has IPv6 addresses only",
    ],
    [
      "too few addresses for its instances",
      ["subnet-00000001", { availableIpAddressCount: 9 }],
      { workerCount: 30 },
      "privateSubnetIds names subnet-00000001, which has 9 free addresses for 17 instances or mount targets and the load balancers",
    ],
    [
      "a router shard's subnet in another VPC",
      ["subnet-0123456789abcdef0", { vpcId: "vpc-0fedcba9876543210" }],
      {
        routerShards: [
          {
            name: "public",
            domain: "public.dev.okd.example.com",
            scope: "External",
            namespaceSelector: { matchLabels: { exposure: "public" } },
            subnetIds: ["subnet-0123456789abcdef0"],
          },
        ],
      },
      "routerShards names subnet-0123456789abcdef0, which does not exist, is not in vpc-0123456789abcdef0 or an availability zone of us-east-1, or has no IPv4 CIDR block",
    ],
    [
      "a security group in another VPC",
      ["sg-0123456789abcdef0", {}],
      { workerSecurityGroupIds: ["sg-0123456789abcdef0"] },
      "workerSecurityGroupIds names sg-0123456789abcdef0, which does not exist, or is not in vpc-0123456789abcdef0",
    ],
  ])("with %s is refused before any resource is created", async (_, otherwise, keys, problem) => {
    const noGroup = () => Promise.reject(Object.assign(new Error(), { details: "no matching EC2 Security Group found" }));
    const found = { ...describedVpc({ otherwise }), "aws:ec2/getSecurityGroup:getSecurityGroup": noGroup } as unknown as AwsAnswers;
    const { message, declared } = await Program.refusal(devStack({ ...existing, ...keys }), found);
    expect(message).toContain(problem);
    expect(declared).toEqual([]);
  });

  describe("with allowed CIDR blocks for the default router", () => {
    const allowed = { ...existing, routerShards: undefined, defaultRouterAllowedSourceRanges: ["198.51.100.0/24"] };
    const gateway = (described: object): AwsAnswers => ({
      "aws:ec2/getNatGateway:getNatGateway": ({ id }) => ({ id, publicIp: "203.0.113.7", secondaryAllocationIds: [], ...described }),
      "aws:ec2/getElasticIp:getElasticIp": ({ id }) => ({ id, publicIp: "203.0.113.8" }),
    });
    const rangesOf = (program: Program) => {
      const { spec } = program.one("kubernetes:operator.openshift.io/v1:IngressControllerPatch", "router-shards-default").inputs;
      return (spec as { endpointPublishingStrategy: { loadBalancer: object } }).endpointPublishingStrategy.loadBalancer;
    };

    test("adds the addresses of the NAT gateways in the routes of its private subnets", async () => {
      const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
      const program = await run(allowed, { ...describedVpc(), ...gateway({ secondaryAllocationIds: ["eipalloc-1"] }) });
      expect(rangesOf(program)).toMatchObject({ allowedSourceRanges: ["198.51.100.0/24", "203.0.113.7/32", "203.0.113.8/32"] });
      expect(warn).not.toHaveBeenCalled();
    });

    test.each<[string, Described, object]>([
      ["a transit gateway", { defaultRoute: { transitGatewayId: "tgw-1" } }, {}],
      ["a private NAT gateway", {}, { publicIp: "" }],
      ["a regional NAT gateway", {}, { availabilityMode: "regional" }],
    ])("warns that the allowed CIDR blocks must include the addresses behind %s", async (_, described, nat) => {
      const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
      const program = await run(allowed, { ...describedVpc(described), ...gateway(nat) });
      expect(rangesOf(program)).toMatchObject({ allowedSourceRanges: ["198.51.100.0/24"] });
      expect(warn.mock.calls.map(([text]) => text)).toEqual([
        expect.stringContaining("defaultRouterAllowedSourceRanges: The public addresses from which instances in subnet-00000001") as string,
      ]);
    });
  });

  test("is refused if the permissions boundary belongs to another account", async () => {
    const permissionsBoundaryArn = "arn:aws:iam::210987654321:policy/boundary";
    const { message } = await Program.refusal(devStack({ ...existing, permissionsBoundaryArn }), describedVpc());
    expect(message).toContain(
      "permissionsBoundaryArn names a policy of account 210987654321, but the roles are created in account 123456789012",
    );
  });

  describe("with subnets that the configuration does not name", () => {
    const inZoneC = { "subnet-pub0000c": "us-east-1c", "subnet-prv0000c": "us-east-1c" };
    const ofA = { "subnet-pub0000a": "us-east-1a", "subnet-prv0000a": "us-east-1a" };

    test("is refused if the router's load balancer would use them, with the command that prevents it", async () => {
      const { message, declared } = await Program.refusal(devStack(existing), describedVpc({ others: { ...inZoneC, ...ofA } }));
      expect(message).toContain(
        "the cluster's public load balancers would also use, since no tag keeps them out: subnet-pub0000c (us-east-1c)",
      );
      expect(message).toContain(
        "aws ec2 create-tags --region us-east-1 --resources subnet-pub0000c --tags Key=kubernetes.io/cluster/unmanaged,Value=true",
      );
      expect(declared).toEqual([]);
    });

    test("is accepted with a warning if only users' Services would use them", async () => {
      const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
      await run({ ...existing, routerShards: undefined }, describedVpc({ others: { "subnet-prv0000c": "us-east-1c" } }));
      expect(warn.mock.calls.map(([text]) => text)).toEqual([expect.stringContaining("internal load balancers would also use") as string]);
    });

    test("is accepted if each subnet has a cluster's tag or a configured subnet is in its zone", async () => {
      const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
      await run(existing, describedVpc({ others: { ...inZoneC, ...ofA }, tagged: Object.keys(inZoneC) }));
      expect(warn).not.toHaveBeenCalled();
    });

    test("is accepted with warnings once the cluster's instances exist", async () => {
      const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
      const machines = { "aws:ec2/getInstances:getInstances": () => ({ ids: ["i-1"] }) };
      await run({ ...existing, routerShards: undefined }, { ...describedVpc({ others: inZoneC }), ...machines });
      expect(warn).toHaveBeenCalledTimes(2);
    });
  });

  test("with several CIDR blocks gets a rule for each of them", async () => {
    const program = await run({ ...existing, machineCidr: "10.20.0.0/24,10.20.1.0/24,10.20.2.0/23" }, describedVpc());
    const sources = program
      .all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .filter(({ name }) => name.startsWith("security-groups-masters-from-machine-network-tcp-22623"))
      .map((rule) => [rule.name.replace("security-groups-masters-from-machine-network-tcp-22623", ""), rule.inputs.cidrIpv4]);
    expect(sources).toEqual([
      ["", "10.20.0.0/24"],
      ["-10.20.1.0/24", "10.20.1.0/24"],
      ["-10.20.2.0/23", "10.20.2.0/23"],
    ]);
  });

  test("of another account is refused if the configuration names no private zone, and the preflight does not look up endpoints, which this account can't see", async () => {
    const shared = describedVpc({ ownerId: "210987654321" });
    const { message, declared } = await Program.refusal(devStack(existing), shared);
    expect(message).toContain("names a VPC of account 210987654321");
    expect(declared).toEqual([]);
    const zone = { privateZoneId: "Z0123456789EXISTING", privateZoneRoleArn: "arn:aws:iam::210987654321:role/shared-zone" };
    const cutOff = describedVpc({ ownerId: "210987654321", defaultRoute: { gatewayId: "" } });
    await run({ ...existing, ...zone, installerHost: true, mirror: "restricted", credentialsMode: "passthrough", releaseImage }, cutOff);
  });

  test("is accepted with no domain, with its own domain, or with several domains in its DHCP options", async () => {
    for (const domainName of ["", "corp.example.com", "Corp.Example.com. second_domain"])
      expect(differenceFromDevStack(await run(existing, describedVpc({ domainName })))).toMatchObject({ Tag: 8 });
  });

  test("is refused before any resource is created if the domain in its DHCP options is not valid in a node's name", async () => {
    const { message, declared } = await Program.refusal(
      devStack(existing),
      describedVpc({ domainName: "Corp_Net.example.com other.example.com" }),
    );
    expect(message).toMatch(
      /vpcId names a VPC whose DHCP options have the domain corp_net\.example\.com, which is not valid in a node's name/,
    );
    expect(declared).toEqual([]);
  });

  test("can have additional security groups for each pool, after the security group with the cluster's tag", async () => {
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
