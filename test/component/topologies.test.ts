/** The differences of the other topologies from the dev stack. program.ts lists the facts that this kind of test cannot prove. */
import { devStack } from "./configurations";
import { differenceFromDevStack } from "./difference";
import { infraId } from "./installer-answers";
import { offerings, OFFERINGS } from "./account";
import { type AwsAnswers, Program, say } from "./program";

type Keys = Readonly<Record<string, unknown>>;

const run = (changes: Keys, found: AwsAnswers = {}) => Program.run(devStack(changes), found);
const clusterTag = `kubernetes.io/cluster/${infraId}`;

describe("a private cluster", () => {
  test("is not reachable from the internet: it has no public load balancer, record or address", async () => {
    const program = await run({ publish: "Internal", adminCidrs: [] });
    expect(differenceFromDevStack(program)).toEqual({
      LoadBalancer: -1,
      Listener: -1,
      TargetGroup: -1,
      TargetGroupAttachment: -4,
      Record: -1,
      SecurityGroupIngressRule: -2,
    });
    expect(program.one("aws:lb/loadBalancer:LoadBalancer").inputs.internal).toBe(true);
    expect(new Set(program.all("aws:route53/record:Record").map((record) => say(record, "zoneId")))).toEqual(new Set(["Z0MADE"]));
    expect(program.all("aws:ec2/instance:Instance").filter(({ inputs }) => inputs.associatePublicIpAddress !== false)).toEqual([]);
    expect(program.one("aws:ec2/instance:Instance", "bootstrap-machine").inputs.subnetId).toBe("network-private-us-east-1a-id");
    const rules = program.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    const sources = rules.filter(({ name }) => name.startsWith("security-groups-")).map((rule) => say(rule, "cidrIpv4"));
    expect(new Set(sources)).toEqual(new Set(["10.0.0.0/16", ""]));
    expect("externalLoadBalancer" in program.outputs).toBe(false);
  });

  test("does not look up a public zone", async () => {
    const asked: unknown[] = [];
    await run({ publish: "Internal" }, { "aws:route53/getZone:getZone": (inputs) => (asked.push(inputs), { zoneId: "Z0" }) });
    expect(asked).toEqual([]);
  });
});

describe("a cluster with fewer nodes", () => {
  test("that is compact has no workers, but has their security group and role for later instances", async () => {
    const program = await run({ workerCount: 0 });
    expect(differenceFromDevStack(program)).toEqual({ Instance: -3 });
    expect(await program.output("workerAddresses")).toEqual([]);
  });

  test("with a single node has one instance behind the load balancers, plus the bootstrap instance", async () => {
    const program = await run({
      masterCount: 1,
      workerCount: 0,
      masterInstanceType: "m6i.2xlarge",
      zones: ["us-east-1a"],
      natGateways: "single",
    });
    expect(differenceFromDevStack(program)).toEqual({
      Instance: -5,
      TargetGroupAttachment: -6,
      Subnet: -4,
      RouteTable: -2,
      RouteTableAssociation: -4,
      Route: -2,
      Eip: -2,
      NatGateway: -2,
    });
  });
});

describe("egress of a new network", () => {
  test("goes from every zone to a single NAT gateway, if there is only one", async () => {
    const program = await run({ natGateways: "single" });
    expect(differenceFromDevStack(program)).toEqual({ Eip: -2, NatGateway: -2 });
    const routes = program.all("aws:ec2/route:Route").filter(({ inputs }) => "natGatewayId" in inputs);
    expect(routes.map((route) => say(route, "routeTableId", "natGatewayId")).sort()).toEqual(
      ["a", "b", "c"].map((zone) => `network-private-us-east-1${zone}-id network-nat-us-east-1a-id`),
    );
  });

  test("can be turned off; then the private subnets have no default route", async () => {
    const program = await run({ natGateways: "none", httpsProxy: "http://proxy.example.com:3128" });
    expect(differenceFromDevStack(program)).toEqual({ Eip: -3, NatGateway: -3, Route: -3, ProxyPatch: 1 });
  });

  test("can go through endpoints, which are in the private subnets and allow only the VPC's CIDR block", async () => {
    const program = await run({ vpcEndpoints: ["ec2", "ecr.api"] });
    expect(differenceFromDevStack(program)).toEqual({ VpcEndpoint: 2, SecurityGroup: 1, SecurityGroupIngressRule: 1 });
    const interfaces = program.all("aws:ec2/vpcEndpoint:VpcEndpoint").filter(({ inputs }) => inputs.vpcEndpointType === "Interface");
    expect(
      interfaces.map(({ inputs }) => [inputs.serviceName, inputs.privateDnsEnabled, inputs.subnetIds, inputs.securityGroupIds]),
    ).toEqual(
      ["ec2", "ecr.api"].map((service) => [
        `com.amazonaws.us-east-1.${service}`,
        true,
        ["a", "b", "c"].map((zone) => `network-private-us-east-1${zone}-id`),
        ["network-endpoints-interfaces-id"],
      ]),
    );
    const rule = program.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "network-endpoints-interfaces-from-vpc-tcp-443");
    expect(say(rule, "securityGroupId", "cidrIpv4", "ipProtocol", "fromPort", "toPort")).toBe(
      "network-endpoints-interfaces-id 10.0.0.0/16 tcp 443 443",
    );
    const group = program.one("aws:ec2/securityGroup:SecurityGroup", "network-endpoints-interfaces");
    expect(clusterTag in (group.inputs.tags as object)).toBe(false);
  });
});

describe("DNS names", () => {
  test("that the user manages are listed, and no zone is changed", async () => {
    const program = await run({ dnsManagement: "user" });
    expect(differenceFromDevStack(program)).toEqual({ Zone: -1, Record: -3, Command: 3 });
    expect(await program.output("dnsRecords")).toEqual([
      "api.dev.okd.example.com CNAME load-balancers-ext.elb.stub",
      "api-int.dev.okd.example.com CNAME load-balancers-int.elb.stub",
      "*.apps.dev.okd.example.com CNAME router.elb.stub",
    ]);
    const inside = await run({ dnsManagement: "user", publish: "Internal" });
    expect((await inside.output("dnsRecords")) as string[]).toContain("api.dev.okd.example.com CNAME load-balancers-int.elb.stub");
  });

  test("that the user manages are awaited: before instances boot, and before the end of the installation", async () => {
    const program = await run({ dnsManagement: "user", bootstrapTimeout: 7, installTimeout: 9 });
    const api = program.one("command:local:Command", "user-records-resolve");
    const apps = program.one("command:local:Command", "apps-user-record-resolve");
    expect(api.inputs.environment).toMatchObject({ WAIT_FOR: "dns-records", WAIT_SECONDS: "420" });
    expect(apps.inputs.environment).toMatchObject({ WAIT_FOR: "apps-record", WAIT_SECONDS: "540" });
    expect(program.all("aws:ec2/instance:Instance").filter(({ dependencies }) => !dependencies.includes(api.urn))).toEqual([]);
    expect(program.one("command:local:Command", "install-complete").dependencies).toContain(apps.urn);
    expect(say(api, "stdin")).toContain("api.dev.okd.example.com api.dev.okd.example.com CNAME load-balancers-ext.elb.stub here");
    expect(say(apps, "stdin")).toContain("oauth-openshift.apps.dev.okd.example.com CNAME router.elb.stub here");
  });

  test("in GovCloud are CNAME records with a TTL of ten seconds, because it has no alias for a load balancer", async () => {
    // GovCloud also has no public zones.
    const zones = ["us-gov-west-1a", "us-gov-west-1b", "us-gov-west-1c"];
    const program = await run({ "aws:region": "us-gov-west-1", zones, publish: "Internal" });
    const records = program.all("aws:route53/record:Record");
    expect(records.length).toBeGreaterThan(1);
    for (const { name, inputs } of records) {
      expect([name, inputs.type, inputs.ttl, inputs.records, "aliases" in inputs]).toEqual([
        name,
        "CNAME",
        10,
        ["load-balancers-int.elb.stub"],
        false,
      ]);
    }
    expect(JSON.parse(say(program.one("aws:s3/bucketPolicy:BucketPolicy", "bootstrap-ignition-policy"), "policy"))).toMatchObject({
      Statement: [
        { Resource: [`arn:aws-us-gov:s3:::${infraId}-bootstrap-ignition`, `arn:aws-us-gov:s3:::${infraId}-bootstrap-ignition/*`] },
      ],
    });
  });
});

describe("IAM roles", () => {
  test("that are created all have the permissions boundary", async () => {
    const permissionsBoundaryArn = "arn:aws:iam::123456789012:policy/boundary";
    const program = await run({ permissionsBoundaryArn });
    expect(program.all("aws:iam/role:Role").map((role) => say(role, "permissionsBoundary"))).toEqual(Array(3).fill(permissionsBoundaryArn));
  });

  test("that the user configures get only instance profiles", async () => {
    const program = await run({ masterRoleName: "corp-master", workerRoleName: "corp-worker", bootstrapRoleName: "corp-bootstrap" });
    expect(differenceFromDevStack(program)).toEqual({ Role: -3, RolePolicy: -3 });
    expect(
      program
        .all("aws:iam/instanceProfile:InstanceProfile")
        .map((profile) => say(profile, "name", "role"))
        .sort(),
    ).toEqual(["bootstrap", "master", "worker"].map((machine) => `${infraId}-${machine}-profile corp-${machine}`));
  });
});

const abc = ["us-east-1a", "us-east-1b", "us-east-1c"];
const INSTANCE_TYPE = "aws:ec2/getInstanceType:getInstanceType";

describe("a configuration that cannot work", () => {
  test.each<[string, Keys, AwsAnswers, RegExp]>([
    [
      "names a zone that does not exist",
      {},
      {
        "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({ names: ["us-east-1a"] }),
        [OFFERINGS]: () => offerings(["m6i.xlarge", "m6i.large"], ["us-east-1a"]),
      },
      /has 2 problems[\s\S]*us-east-1b[\s\S]*us-east-1c/,
    ],
    ["holds a secret in plain text", { pullSecret: '{"auths":{"quay.io":{"auth":"dXNlcjpwYXNz"}}}' }, {}, /pullSecret[\s\S]*plain text/],
    [
      "names an instance type that AWS does not have",
      { workerInstanceType: "m6i.3xlarge" },
      {
        [INSTANCE_TYPE]: () => {
          throw Object.assign(new Error(), { details: "no matching EC2 Instance Type found" });
        },
      },
      /workerInstanceType is not an instance type that AWS offers in us-east-1\n.*value: +m6i\.3xlarge/,
    ],
    [
      "names a type that is newer than the program's table, and that is too small or has another architecture in AWS",
      { masterInstanceType: "m99i.xlarge", workerInstanceType: "m99i.large" },
      {
        [INSTANCE_TYPE]: ({ instanceType }) =>
          instanceType === "m99i.xlarge"
            ? { supportedArchitectures: ["x86_64"], defaultVcpus: 4, memorySize: 8192 }
            : { supportedArchitectures: ["arm64"], defaultVcpus: 2, memorySize: 8192 },
      },
      /masterInstanceType is too small for a (?:master|control plane node): it has only 8 GiB[\s\S]*workerInstanceType is arm64, but/,
    ],
    [
      "has instances in a zone that does not offer their type",
      { workerInstanceType: "r6i.xlarge" },
      {
        [OFFERINGS]: () => ({ instanceTypes: ["m6i.xlarge", "m6i.xlarge", "m6i.xlarge", "r6i.xlarge"], locations: [...abc, "us-east-1a"] }),
      },
      /1 problem[\s\S]*workerInstanceType is not offered in us-east-1b, us-east-1c[\s\S]*AWS offers this one in us-east-1a/,
    ],
    ["has several mistakes", { masterCount: 2, workerCount: -1 }, {}, /masterCount[\s\S]*workerCount/],
  ])("stops before any resource is created: %s", async (_, changes, found, message) => {
    const refusal = await Program.refusal(devStack(changes), found);
    expect(refusal.message).toMatch(message);
    expect(refusal.declared).toEqual([]);
  });
});
