import type { Inventory } from "@okd-aws/sandbox/aws";
import { type ExistingVpc, makeExistingVpc } from "./existing-vpc";
import { describeWithTools } from "./requirements";
import { type StackConfiguration, Topology } from "./topology";

const region = "us-east-1";
const MINUTE_MS = 60_000;

/** A correct configuration. Each case changes it into a wrong one. */
const correct: StackConfiguration = {
  "aws:region": region,
  clusterName: "wrong",
  baseDomain: "okd.example.com",
  release: "4.19.0-okd-scos.1",
  releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
  zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
  masterCount: 3,
  workerCount: 3,
};

/** Resources of other owners that exist in the account. */
interface Vpcs {
  readonly corp: ExistingVpc;
  /**
   * A VPC without DNS hostnames, with an endpoint for EC2 only. Its only subnet has no route to the internet. Its private zone belongs to
   * another VPC.
   */
  readonly bare: { readonly vpcId: string; readonly subnetId: string; readonly zoneId: string };
  /**
   * A VPC with two CIDR blocks: one subnet in a local zone, a small subnet, a subnet with only IPv6 addresses, and a subnet in the second
   * block.
   */
  readonly odd: { readonly vpcId: string; readonly subnetIds: readonly string[]; readonly otherId: string };
}

interface Mistake {
  readonly what: string;
  /** Keys to change; `undefined` removes a key. */
  readonly changes: (vpcs: Vpcs) => StackConfiguration;
  /** The first line of each problem, complete and in order: `<key> <problem>`. */
  readonly problems: (vpcs: Vpcs) => readonly string[];
}

const inCorp = ({ corp }: Vpcs): StackConfiguration => ({
  zones: undefined,
  vpcId: corp.vpcId,
  machineCidr: corp.machineCidr,
  privateSubnetIds: corp.privateSubnetIds,
  publicSubnetIds: corp.publicSubnetIds,
});

const mistakes: readonly Mistake[] = [
  {
    what: "many mistakes in keys, all reported at once",
    changes: () => ({
      clusterName: "Dev_1",
      masterCount: 2,
      adminCidrs: ["0.0.0.0/0"],
      zones: ["us-east-2a"],
      workrCount: 3,
      natGateways: "none",
    }),
    problems: () => ["clusterName ", "zones ", "vpcEndpoints ", "masterCount ", "adminCidrs ", "workrCount "],
  },
  {
    what: "a zone that does not exist",
    changes: () => ({ zones: ["us-east-1a", "us-east-1z"] }),
    problems: () => ["zones names us-east-1z, which this account doesn't have in us-east-1"],
  },
  {
    what: "a base domain without a zone, a zone and an instance type that do not exist",
    changes: () => ({ baseDomain: "nowhere.example.org", zones: ["us-east-1q"], workerInstanceType: "m6i.3xlarge" }),
    problems: () => [
      "baseDomain has no public hosted zone in this account",
      "zones names us-east-1q, which this account doesn't have in us-east-1",
      "workerInstanceType is not an instance type that AWS offers in us-east-1",
    ],
  },
  {
    what: "CIDR blocks that overlap",
    changes: () => ({ vpcCidr: "10.0.0.0/16", clusterNetworkCidr: "10.0.0.0/14", serviceNetworkCidr: "10.0.0.0/16" }),
    problems: () => ["clusterNetworkCidr ", "serviceNetworkCidr ", "serviceNetworkCidr "],
  },
  {
    what: "OpenShift without a pull secret, with the version of an OKD release",
    changes: () => ({ distribution: "openshift" }),
    problems: () => ["release is a version of okd, but distribution is openshift", "pullSecret "],
  },
  {
    what: "a secret in plain text, which is not printed",
    changes: () => ({ pullSecret: '{"auths":{"mirror.example.com":{"auth":"dXNlcjpodW50ZXIy"}}}' }),
    problems: () => ["pullSecret is stored in plain text in the stack file"],
  },
  {
    what: "a VPC that does not exist, with its subnets",
    changes: (vpcs) => ({
      ...inCorp(vpcs),
      vpcId: "vpc-0123456789abcdef0",
      publicSubnetIds: undefined,
      publish: "Internal",
      privateSubnetIds: ["subnet-0123456789abcdef0"],
    }),
    problems: () => [
      "vpcId names vpc-0123456789abcdef0, which this account doesn't have in the region",
      "privateSubnetIds names subnet-0123456789abcdef0, which this account doesn't have in the region",
    ],
  },
  {
    what: "a subnet of another VPC",
    changes: (vpcs) => ({ ...inCorp(vpcs), privateSubnetIds: [vpcs.bare.subnetId, ...vpcs.corp.privateSubnetIds.slice(1)] }),
    problems: ({ bare }) => [`privateSubnetIds names ${bare.subnetId}, which is in ${bare.vpcId}`],
  },
  {
    what: "public and private subnets swapped",
    changes: (vpcs) => ({ ...inCorp(vpcs), privateSubnetIds: vpcs.corp.publicSubnetIds, publicSubnetIds: vpcs.corp.privateSubnetIds }),
    problems: ({ corp }) => [
      ...corp.publicSubnetIds.map((id) => `privateSubnetIds names ${id}, which routes to the internet gateway `),
      ...corp.privateSubnetIds.map((id) => `publicSubnetIds names ${id}, which has no default route to an internet gateway`),
    ],
  },
  {
    what: "a VPC without DNS hostnames and without a route to the internet",
    changes: (vpcs) => ({
      ...inCorp(vpcs),
      publish: "Internal",
      vpcId: vpcs.bare.vpcId,
      machineCidr: "10.30.0.0/16",
      privateSubnetIds: [vpcs.bare.subnetId],
      publicSubnetIds: undefined,
    }),
    problems: ({ bare }) => [
      "vpcId names a VPC with enableDnsHostnames off, where instances cannot resolve the cluster's names",
      `privateSubnetIds names ${bare.subnetId}, which has no default route: its instances can't fetch the release`,
    ],
  },
  {
    what: "a disconnected VPC without endpoints, a private zone of another VPC, and manual credentials in an account that blocks public buckets",
    changes: (vpcs) => ({
      ...inCorp(vpcs),
      publish: "Internal",
      vpcId: vpcs.bare.vpcId,
      machineCidr: "10.30.0.0/16",
      privateSubnetIds: [vpcs.bare.subnetId],
      publicSubnetIds: undefined,
      mirror: "air-gapped",
      mirrorArchive: "s3://okd-archive/4.19",
      releaseImage: `quay.io/okd/scos-release@sha256:${"0123456789abcdef".repeat(4)}`,
      credentialsMode: "manual",
      privateZoneId: vpcs.bare.zoneId,
    }),
    problems: ({ bare }) => [
      "credentialsMode is manual. Manual mode needs a public bucket for the cluster's token issuer, and the account blocks public buckets",
      "vpcId names a VPC with enableDnsHostnames off",
      "vpcId names a VPC without a gateway endpoint of com.amazonaws.us-east-1.s3, ",
      ...["elasticloadbalancing", "sts", "secretsmanager", "ssm"].map(
        (service) => `vpcId names a VPC without an interface endpoint of com.amazonaws.us-east-1.${service}, `,
      ),
      `privateZoneId is ${bare.zoneId}, a zone that is not associated with ${bare.vpcId}`,
    ],
  },
  {
    what: "subnets in different zones",
    changes: (vpcs) => ({
      ...inCorp(vpcs),
      privateSubnetIds: vpcs.corp.privateSubnetIds.slice(0, 2),
      publicSubnetIds: vpcs.corp.publicSubnetIds.slice(1),
    }),
    problems: ({ corp }) => [
      // In this case the first public subnet is one of the VPC's other subnets.
      `vpcId names a VPC with other subnets that the cluster's public load balancers would also use, since no tag keeps them out: ${corp.publicSubnetIds[0]} (us-east-1a)`,
      "publicSubnetIds are in us-east-1b, us-east-1c, but the private subnets are in us-east-1a, us-east-1b",
    ],
  },
  {
    what: "a subnet in a local zone, one with only IPv6 addresses, one without room, and others that load balancers would use",
    changes: (vpcs) => ({
      ...inCorp(vpcs),
      publish: "Internal",
      publicSubnetIds: undefined,
      httpsProxy: "http://proxy.example.com:3128",
      workerCount: 9,
      vpcId: vpcs.odd.vpcId,
      machineCidr: "10.50.0.0/20,10.60.0.0/24",
      privateSubnetIds: vpcs.odd.subnetIds,
    }),
    problems: ({ odd: { subnetIds, otherId } }) => [
      `vpcId names a VPC with other subnets that the cluster's internal load balancers would also use, since no tag keeps them out: ${otherId} (us-east-1c)`,
      `privateSubnetIds names ${subnetIds[2]}, which has IPv6 addresses only`,
      `privateSubnetIds names ${subnetIds[0]} in us-east-1-nyc-1a, which is not an available availability zone`,
      `privateSubnetIds names ${subnetIds[1]}, which has 11 free addresses for 4 instances or mount targets and the load balancers`,
    ],
  },
  {
    what: "a machine CIDR that does not contain every subnet of a VPC with two CIDR blocks",
    changes: (vpcs) => ({
      ...inCorp(vpcs),
      publish: "Internal",
      publicSubnetIds: undefined,
      httpsProxy: "http://proxy.example.com:3128",
      vpcId: vpcs.odd.vpcId,
      machineCidr: "10.50.0.0/20",
      privateSubnetIds: [vpcs.odd.otherId],
    }),
    problems: ({ odd: { otherId } }) => [
      "vpcId names a VPC with other subnets that the cluster's internal load balancers would also use",
      `machineCidr does not contain 10.60.0.0/24 of ${otherId}, which the security groups would block`,
    ],
  },
  {
    what: "roles, a boundary, a key, a zone and security groups that do not exist",
    changes: (vpcs) => ({
      ...inCorp(vpcs),
      masterRoleName: "no-master",
      workerRoleName: vpcs.corp.workerRoleName,
      permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/no-boundary",
      volumeKmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0ff",
      privateZoneId: "Z0123456789ABCDEFGHIJ",
      workerSecurityGroupIds: ["sg-0123456789abcdef0", vpcs.corp.securityGroupId],
    }),
    problems: () => [
      "workerSecurityGroupIds names sg-0123456789abcdef0, which",
      "volumeKmsKeyArn names arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0ff, which",
      "privateZoneId names Z0123456789ABCDEFGHIJ, which",
      "permissionsBoundaryArn names arn:aws:iam::123456789012:policy/no-boundary, which",
      "masterRoleName names no-master, which",
    ],
  },
];

const bareVpc = `
ec2 = boto3.client("ec2", sys.argv[1])
vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
subnet = ec2.create_subnet(VpcId=vpc, AvailabilityZone=sys.argv[1] + "a", CidrBlock="10.30.0.0/24")["Subnet"]["SubnetId"]
group = ec2.create_security_group(GroupName="endpoints", Description="Endpoints", VpcId=vpc)["GroupId"]
service = f"com.amazonaws.{sys.argv[1]}.ec2"
ec2.create_vpc_endpoint(
    VpcId=vpc, ServiceName=service, VpcEndpointType="Interface", PrivateDnsEnabled=True, SubnetIds=[subnet], SecurityGroupIds=[group]
)
block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
boto3.client("s3control", sys.argv[1]).put_public_access_block(AccountId="123456789012", PublicAccessBlockConfiguration=block)
other = ec2.create_vpc(CidrBlock="10.40.0.0/16")["Vpc"]["VpcId"]
zone = boto3.client("route53").create_hosted_zone(
    Name="wrong.okd.example.com", CallerReference="other", VPC={"VPCRegion": sys.argv[1], "VPCId": other}
)["HostedZone"]["Id"].removeprefix("/hostedzone/")
print(json.dumps({"vpcId": vpc, "subnetId": subnet, "zoneId": zone}))
`;

const oddVpc = `
ec2 = boto3.client("ec2", sys.argv[1])
vpc = ec2.create_vpc(CidrBlock="10.50.0.0/20", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
ec2.modify_vpc_attribute(VpcId=vpc["VpcId"], EnableDnsHostnames={"Value": True})
ec2.associate_vpc_cidr_block(VpcId=vpc["VpcId"], CidrBlock="10.60.0.0/24")
range_ = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
def subnet(zone, **options):
    return ec2.create_subnet(VpcId=vpc["VpcId"], AvailabilityZone=sys.argv[1] + zone, **options)["Subnet"]["SubnetId"]
local, small = subnet("-nyc-1a", CidrBlock="10.50.0.0/24"), subnet("a", CidrBlock="10.50.1.0/28")
ipv6 = subnet("b", Ipv6Native=True, Ipv6CidrBlock=range_.replace("/56", "/64"))
print(json.dumps({"vpcId": vpc["VpcId"], "subnetIds": [local, small, ipv6], "otherId": subnet("c", CidrBlock="10.60.0.0/24")}))
`;

describeWithTools("a wrong configuration is refused before anything is created", () => {
  let topology: Topology | undefined;
  let vpcs: Vpcs;
  let before: Inventory;
  const stack = (): Topology => {
    if (topology === undefined) throw new Error("the sandbox did not open");
    return topology;
  };

  beforeAll(async () => {
    topology = await Topology.open("bad-input");
    vpcs = {
      corp: await makeExistingVpc(topology, region),
      bare: (await topology.boto(bareVpc, region)) as Vpcs["bare"],
      odd: (await topology.boto(oddVpc, region)) as Vpcs["odd"],
    };
    before = await topology.inventory();
  }, 5 * MINUTE_MS);

  afterAll(async () => {
    await topology?.close();
  }, MINUTE_MS);

  const isRefused = async ({ changes, problems }: Mistake, args: readonly string[]): Promise<void> => {
    const configuration = Object.entries({ ...correct, ...changes(vpcs) }).filter(([, value]) => value !== undefined);
    await stack().configure(Object.fromEntries(configuration));
    const { code, stdout, stderr } = await stack().run(args);
    const output = stdout + stderr;
    expect(code).not.toBe(0);
    const headlines = [...output.matchAll(/^ *\d+\. (.*)$/gm)].map(([, headline]) => headline);
    if (headlines.length === 0) throw new Error(`the output has no problem:\n${output}`);
    const expected = problems(vpcs);
    const starts = headlines.map((line, index) => (line.startsWith(expected[index] ?? "\n") ? expected[index] : line));
    expect(starts).toEqual(expected);
    const count = expected.length === 1 ? "1 problem" : `${expected.length} problems`;
    expect(output.match(/^ +error: .*/gm)).toEqual([expect.stringContaining(`configuration has ${count}; nothing was changed.`)]);
    // The output contains no stack trace of the program, and no secret.
    expect(output).not.toMatch(/node_modules|\.ts:\d+|hunter2|dXNlcjpodW50ZXIy/);
  };

  test.each(mistakes)("$what: is refused by pulumi up without a preview", (mistake) =>
    isRefused(mistake, ["up", "--yes", "--skip-preview"]),
  );

  // A preview runs the same checks: one mistake in the values alone, and one that AWS reports.
  test.each([mistakes[0], mistakes[mistakes.length - 1]])("$what: is refused by pulumi preview", (mistake) =>
    isRefused(mistake, ["preview"]),
  );

  test("leaves nothing of the stack in the account and the state", async () => {
    expect(await stack().inventory()).toEqual(before);
    const types = ((await stack().state()).deployment.resources ?? []).map(({ type }) => type);
    expect(types.filter((type) => type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:"))).toEqual([]);
  });
});
