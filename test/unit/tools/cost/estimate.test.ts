import { estimate } from "../../../../tools/cost/estimate";
import { moneyText } from "../../../../tools/cost/money";
import type { Resource } from "../../../../lib/pulumi/resource";
import { instanceResource, made, prices } from "./fixture";

const cost = (resources: readonly Resource[], region = "us-east-1") => estimate(resources, { region, prices });
/** Amounts by line. */
const amounts = (resources: readonly Resource[], region?: string) =>
  cost(resources, region).lines.map(({ what, count, monthly }) => `${count} ${what}: ${moneyText(monthly)}`);
const reasons = (resources: readonly Resource[], region?: string) => cost(resources, region).unknown.map(({ why }) => why);

describe("the cost of instances and volumes", () => {
  test("has prices on demand, for spot, and for spot with a maximum price", () => {
    // on demand: 730 h × 0.192 = 140.16
    // spot, 40 % of that: 730 × 0.0768 = 56.064
    // spot with a maximum price of 0.05: 730 × 0.05 = 36.50
    // spot with a maximum price above the assumed spot price: 56.064, as without one; instances b and d together: 112.128
    // four root volumes of 120 GB: 4 × 120 × 0.08 = 38.40
    const spot = (maxPrice?: string) => ({ instanceMarketOptions: { marketType: "spot", spotOptions: { maxPrice } } });
    const workers = [
      instanceResource("a"),
      instanceResource("b", spot()),
      instanceResource("c", spot("0.05")),
      instanceResource("d", spot("0.192")),
    ];
    expect(amounts(workers)).toEqual([
      "1 m6i.xlarge, on demand: $140.16",
      "1 m6i.xlarge, spot: $36.50",
      "2 m6i.xlarge, spot: $112.13",
      "4 EBS gp3 storage: $38.40",
    ]);
    expect(cost(workers).monthly).toBe(140_160_000 + 36_500_000 + 112_128_000 + 38_400_000);
    expect(cost(workers).assumptions).toEqual({ hoursPerMonth: 730, spotPercent: 40 });
  });

  test("includes gp3's IOPS and throughput above those that are free", () => {
    // 200 GB × 0.08 = 16.00; (6000 - 3000) IOPS × 0.005 = 15.00; (250 - 125) MiB/s × 0.04 = 5.00
    const volume = made("aws:ebs/volume:Volume", "v", { type: "gp3", size: 200, iops: 6000, throughput: 250 });
    expect(amounts([volume])).toEqual([
      "1 EBS gp3 IOPS above 3000: $15.00",
      "1 EBS gp3 storage: $16.00",
      "1 EBS gp3 throughput above 125 MiB/s: $5.00",
    ]);
  });

  test("has three tiers for io2's IOPS, one for io1's, and no charge for gp2's", () => {
    // io2: 500 GB × 0.125 = 62.50; 32000 × 0.065 = 2080.00; 32000 × 0.0455 = 1456.00; 6000 × 0.03185 = 191.10
    // io1: 100 GB × 0.125 = 12.50; 4000 × 0.065 = 260.00
    // gp2, the type that AWS uses if the request names none: 50 GB × 0.10 = 5.00
    const io2 = made("aws:ebs/volume:Volume", "io2", { type: "io2", size: 500, iops: 70_000 });
    const io1 = instanceResource("io1", { rootBlockDevice: { volumeType: "io1", volumeSize: 100, iops: 4000 } });
    const gp2 = made("aws:ebs/volume:Volume", "gp2", { size: 50 });
    expect(amounts([io2, io1, gp2]).slice(1)).toEqual([
      "1 EBS gp2 storage: $5.00",
      "1 EBS io1 IOPS: $260.00",
      "1 EBS io1 storage: $12.50",
      "1 EBS io2 IOPS: $2,080.00",
      "1 EBS io2 IOPS above 32000: $1,456.00",
      "1 EBS io2 IOPS above 64000: $191.10",
      "1 EBS io2 storage: $62.50",
    ]);
  });

  test("uses only the first tier for io2 up to 32,000 IOPS", () => {
    expect(amounts([made("aws:ebs/volume:Volume", "v", { type: "io2", size: 4, iops: 32_000 })])).toHaveLength(2);
  });

  test("is unknown for a root volume whose size comes from the AMI, until the instance exists", () => {
    const planned = made("aws:ec2/instance:Instance", "a", { instanceType: "m6i.large" });
    expect(reasons([planned])).toEqual(["the type of the root volume isn't known"]);
    const standing = { ...planned, outputs: { rootBlockDevice: { volumeType: "gp3", volumeSize: 30 }, associatePublicIpAddress: true } };
    // 730 × 0.096 = 70.08; 30 × 0.08 = 2.40; 730 × 0.005 = 3.65
    expect(amounts([standing])).toEqual(["1 m6i.large, on demand: $70.08", "1 EBS gp3 storage: $2.40", "1 Public IPv4 addresses: $3.65"]);
    expect(reasons([standing])).toEqual([]);
  });

  test.each([
    [{ instanceType: "m6i.metal" }, "the price table of us-east-1 has no price for m6i.metal, on demand"],
    [{ instanceType: "toString" }, "the price table of us-east-1 has no price for toString, on demand"],
    [{ tenancy: "dedicated" }, "instances of tenancy dedicated are not in the price table"],
    [{ instanceMarketOptions: { marketType: "capacity-block" } }, "instances of the market capacity-block are not in the price table"],
    [{ instanceType: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, "the instance type isn't known"],
    [{ rootBlockDevice: { volumeType: "standard", volumeSize: 8 } }, "volumes of type standard are not in the price table"],
    [{ rootBlockDevice: { volumeType: "io2", volumeSize: 8 } }, "the IOPS of the root volume aren't known"],
  ])("is unknown, not zero, for %j", (inputs, why) => {
    expect(reasons([instanceResource("a", inputs)])).toEqual([why]);
  });
});

describe("the cost of networks and services", () => {
  test("includes gateways, endpoints and addresses", () => {
    // NAT: 730 × 0.045 = 32.85, 100 GB × 0.045 = 4.50. Endpoint in three zones: 3 × 730 × 0.01 = 21.90, 10 GB × 0.01 = 0.10. Addresses: 2 × 3.65 = 7.30
    const resources = [
      made("aws:ec2/natGateway:NatGateway", "nat"),
      made("aws:ec2/vpcEndpoint:VpcEndpoint", "s3", { vpcEndpointType: "Gateway" }),
      made("aws:ec2/vpcEndpoint:VpcEndpoint", "ec2", { vpcEndpointType: "Interface", subnetIds: ["a", "b", "c"] }),
      made("aws:ec2/eip:Eip", "a"),
      made("aws:ec2/eip:Eip", "b", { publicIpv4Pool: "amazon" }),
      made("aws:ec2/eip:Eip", "own", { publicIpv4Pool: "ipv4pool-ec2-012" }),
    ];
    expect(amounts(resources)).toEqual([
      "1 Interface endpoints, data: $0.10",
      "3 Interface endpoints, in each zone: $21.90",
      "1 NAT gateways: $32.85",
      "1 NAT gateways, data: $4.50",
      "2 Public IPv4 addresses: $7.30",
    ]);
  });

  test("includes an address in each zone for a public load balancer, except addresses that the stack assigns", () => {
    // NLB: 2 × 730 × 0.0225 = 32.85; 2 × 730 × 0.006 = 8.76. ALB: 730 × 0.0225 = 16.425; 730 × 0.008 = 5.84. Addresses: (3 + 1) × 3.65 = 14.60
    const resources = [
      made("aws:lb/loadBalancer:LoadBalancer", "int", { loadBalancerType: "network", internal: true, subnets: ["a", "b", "c"] }),
      made("aws:lb/loadBalancer:LoadBalancer", "ext", { loadBalancerType: "network", internal: false, subnets: ["a", "b", "c"] }),
      made("aws:lb/loadBalancer:LoadBalancer", "web", {
        subnetMappings: [{ subnetId: "a" }, { subnetId: "b", allocationId: "eipalloc-1" }],
      }),
    ];
    expect(amounts(resources)).toEqual([
      "4 Public IPv4 addresses: $14.60",
      "1 Application load balancers: $16.43",
      "1 Application load balancers, capacity units: $5.84",
      "2 Network load balancers: $32.85",
      "2 Network load balancers, capacity units: $8.76",
    ]);
  });

  test("includes stored data and monthly prices", () => {
    // web ACL: 5.00, three rules: 2 × 1.00 and a group's own one, 10 million requests: 6.00. Logs: 10 × 0.50 and 10 × 0.03
    const managed = (name: string, vendorName = "AWS") => ({ statement: { managedRuleGroupStatement: { name, vendorName } } });
    const resources = [
      made("aws:s3/bucket:Bucket", "b"),
      made("aws:efs/fileSystem:FileSystem", "f"),
      made("aws:kms/key:Key", "k"),
      made("aws:secretsmanager/secret:Secret", "s"),
      made("aws:route53/zone:Zone", "z"),
      made("aws:cloudwatch/logGroup:LogGroup", "l"),
      made("aws:cloudwatch/metricAlarm:MetricAlarm", "m", { period: 300 }),
      made("aws:wafv2/webAcl:WebAcl", "w", {
        rules: [managed("AWSManagedRulesCommonRuleSet"), managed("AWSManagedRulesBotControlRuleSet")],
      }),
      made("aws:wafv2/ruleGroup:RuleGroup", "g", { rules: [{}] }),
      made("aws:ebs/snapshot:Snapshot", "p", {}, { volumeSize: 40 }),
      made("aws:ec2/amiCopy:AmiCopy", "c"),
    ];
    expect(amounts(resources)).toEqual([
      "1 Copied machine image: $0.80",
      "1 EBS snapshots, at most: $2.00",
      "1 EFS file systems: $30.00",
      "1 S3 buckets: $0.02",
      "1 CloudWatch alarms: $0.10",
      "1 CloudWatch logs, kept: $0.30",
      "1 CloudWatch logs, written: $5.00",
      "1 KMS keys: $1.00",
      "1 Route 53 zones: $0.50",
      "1 Secrets Manager secrets: $0.40",
      "1 WAF requests: $6.00",
      "3 WAF rules: $3.00",
      "1 WAF web ACLs: $5.00",
    ]);
    expect(reasons(resources)).toEqual(["the fee of the managed rule group AWSManagedRulesBotControlRuleSet isn't known"]);
  });

  test.each<[string, Resource["inputs"], string]>([
    ["aws:lb/loadBalancer:LoadBalancer", { loadBalancerType: "gateway" }, "load balancers of type gateway are not in the price table"],
    [
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      { vpcEndpointType: "GatewayLoadBalancer" },
      "endpoints of type GatewayLoadBalancer are not in the price table",
    ],
    [
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      { vpcEndpointType: "Interface", subnetIds: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
      "the endpoint's zones aren't known",
    ],
    ["aws:ec2/flowLog:FlowLog", { logDestinationType: "s3" }, "how much is delivered to s3 isn't known"],
    ["aws:ebs/snapshot:Snapshot", {}, "the snapshot's size isn't known before it exists"],
    ["aws:efs/backupPolicy:BackupPolicy", { backupPolicy: { status: "ENABLED" } }, "the size of the file system's backups isn't known"],
    [
      "aws:acm/certificate:Certificate",
      { certificateAuthorityArn: "arn:aws:acm-pca:1" },
      "certificates of a private CA are not in the price table",
    ],
    ["aws:ssm/parameter:Parameter", { tier: "Advanced" }, "advanced parameters are not in the price table"],
    ["aws:cloudwatch/metricAlarm:MetricAlarm", { period: 10 }, "high-resolution alarms are not in the price table"],
    ["aws:rds/instance:Instance", {}, "this type is neither in the price table nor known to be free"],
    ["random:index/randomId:RandomId", {}, "this type is neither in the price table nor known to be free"],
  ])("is unknown, not zero: %s %j", (type, inputs, why) => {
    const { unknown, lines, monthly } = cost([made(type, "one", inputs)]);
    expect(unknown).toEqual([{ urn: `urn:pulumi:dev::okd-aws::${type}::one`, type, why }]);
    expect([lines, monthly]).toEqual([[], 0]);
  });
});

describe("the region of a cost estimate", () => {
  test("makes each price unknown if the table lacks the region", () => {
    const { lines, unknown, prices: origins } = cost([instanceResource("a"), made("aws:iam/role:Role", "r")], "eu-south-2");
    expect(lines).toEqual([]);
    expect(origins).toEqual({});
    const why = "the price table has no region eu-south-2; make prices REGIONS=eu-south-2 adds it";
    expect(unknown.map((one) => one.why)).toEqual([why, why]);
  });

  test("is that of the resource itself, or of the provider", () => {
    // us-east-1: 0.023 a GB; eu-central-1: 0.0245
    const { lines, prices: origins } = cost([
      made("aws:s3/bucket:Bucket", "a"),
      made("aws:s3/bucket:Bucket", "b", { region: "eu-central-1" }),
    ]);
    expect(lines.map(({ region, monthly }) => [region, monthly])).toEqual([
      ["eu-central-1", 24_500],
      ["us-east-1", 23_000],
    ]);
    expect(Object.keys(origins)).toEqual(["eu-central-1", "us-east-1"]);
  });
});

describe("the cost of resources that the cluster creates", () => {
  const installation = made("okd:installer:Installation", "installation");
  const balancer = (internal: boolean) =>
    made("aws:lb/loadBalancer:LoadBalancer", "b", { loadBalancerType: "network", internal, subnets: ["a", "b"] });
  const byCluster = (resources: readonly Resource[]) =>
    cost(resources)
      .lines.filter((line) => line.byCluster)
      .map(({ what, count, monthly }) => `${count} ${what}: ${moneyText(monthly)}`);

  test("is included if the stack installs a cluster, with public addresses if the API is public", () => {
    // Classic: 730 × 0.025 = 18.25, 100 GB × 0.008 = 0.80; addresses: 2 × 3.65; bucket: 50 × 0.023 = 1.15
    const inside = ["1 Classic load balancers: $18.25", "1 Classic load balancers, data: $0.80", "1 Bucket of the registry: $1.15"];
    const volumes = "1 Persistent volumes, gp3: $0.00";
    expect(byCluster([installation, balancer(true)])).toEqual([volumes, ...inside]);
    expect(byCluster([installation, balancer(false)])).toEqual([volumes, "2 Public IPv4 addresses: $7.30", ...inside]);
    expect(byCluster([balancer(false)])).toEqual([]);
  });

  test("includes a load balancer for each router shard and for the default router", () => {
    const shard = (name: string, strategy?: unknown) =>
      made("kubernetes:operator.openshift.io/v1:IngressController", name, {
        metadata: { name },
        spec: { endpointPublishingStrategy: strategy },
      });
    const nlb = {
      type: "LoadBalancerService",
      loadBalancer: { scope: "External", providerParameters: { type: "AWS", aws: { type: "NLB" } } },
    };
    expect(byCluster([balancer(false), shard("default"), shard("private", { type: "Private" })])).toEqual([]);
    expect(byCluster([balancer(false), shard("web", nlb)])).toEqual([
      "2 Public IPv4 addresses: $7.30",
      "1 Network load balancers: $16.43",
      "1 Network load balancers, capacity units: $4.38",
    ]);
    expect(byCluster([balancer(false), shard("in", { loadBalancer: { scope: "Internal" } })])).toEqual([
      "1 Classic load balancers: $18.25",
      "1 Classic load balancers, data: $0.80",
    ]);
  });

  test("is unknown for objects for which the cluster creates resources in AWS", () => {
    const objects = [
      made("kubernetes:core/v1:ConfigMap", "c"),
      made("kubernetes:core/v1:PersistentVolumeClaim", "p"),
      made("kubernetes:core/v1:Service", "internal", { spec: { type: "ClusterIP" } }),
      made("kubernetes:core/v1:Service", "front", { spec: { type: "LoadBalancer" } }),
      made("kubernetes:machine.openshift.io/v1beta1:MachineSet", "m"),
    ];
    expect(reasons(objects)).toEqual([
      "the volume that the cluster creates for it isn't included",
      "the load balancer that the cluster creates for it isn't included",
      "the instances that the cluster creates for it aren't included",
    ]);
  });

  test("does not include the bootstrap instance, which the same update destroys", () => {
    const type = "aws:ec2/instance:Instance";
    const urn = `urn:pulumi:dev::okd-aws::okd:machines:Bootstrap$${type}::bootstrap-machine`;
    const role = { ...made("aws:iam/role:Role", "r"), urn: urn.replace(type, "okd:iam:MachineRole$aws:iam/role:Role") };
    const found = cost([{ ...instanceResource("bootstrap-machine"), urn }, role]);
    expect([found.lines, found.unknown, found.temporary]).toEqual([[], [], [urn]]);
  });
});
