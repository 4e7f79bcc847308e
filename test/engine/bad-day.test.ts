import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  declareFaults,
  type EmulatedAws,
  type Fault,
  inventory,
  type Inventory,
  parseFault,
  type RecordedCall,
  recordedCalls,
  reproduction,
  startAws,
} from "@okd-aws/sandbox/aws";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { DriverProject, type DriverResult } from "./driver-project";
import { describeWithTools } from "./requirements";

const region = "us-east-1";

/**
 * The program declares a network, a role, a bucket, an upload by one of this project's own programs, and the resources that the file `more`
 * asks for.
 */
const program = `
const aws = require("@pulumi/aws");
const more = fs.existsSync(__dirname + "/more") ? fs.readFileSync(__dirname + "/more", "utf8").split(" ") : [];
const trust = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }] });
const policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" }] });
const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
const subnet = new aws.ec2.Subnet("subnet", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24", availabilityZone: "us-east-1a" });
const group = new aws.ec2.SecurityGroup("group", { vpcId: vpc.id });
new aws.vpc.SecurityGroupIngressRule("rule", { securityGroupId: group.id, ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "10.0.0.0/16" });
const role = new aws.iam.Role("role", { name: "small-role", assumeRolePolicy: trust });
const profile = new aws.iam.InstanceProfile("profile", { name: "small-profile", role: role.name });
const bucket = new aws.s3.Bucket("bucket", { bucket: "small-bucket", forceDestroy: true });
const request = bucket.bucket.apply((name) => JSON.stringify({ region: "${region}", bucket: name, key: "package", path: "package.json" }));
new command.local.Command("upload", {
  interpreter: ["node", "-r", "ts-node/register/transpile-only", "steps/run.ts", "upload"],
  create: request,
});
if (more.includes("address")) new aws.ec2.Eip("address", { domain: "vpc", tags: { Name: "small-7kq2x-address" } });
if (more.includes("parameter")) new aws.ssm.Parameter("parameter", { name: "/small", type: "String", value: "1" });
if (more.includes("named")) {
  const provider = { create: async () => ({ id: "small-7kq2x", outs: {} }) };
  const identity = new pulumi.dynamic.Resource(provider, "cluster", {}, {}, "okd", "ClusterIdentity");
  const name = identity.id;
  new aws.iam.Role("late-role", { name: pulumi.interpolate\`\${name}-role\`, assumeRolePolicy: trust });
  new aws.ssm.Parameter("late-parameter", { name: pulumi.interpolate\`/\${name}/late\`, type: "String", value: "1" });
  new aws.ec2.Eip("late-address", { domain: "vpc", tags: { Name: pulumi.interpolate\`\${name}-late\` } });
  new aws.vpc.SecurityGroupIngressRule("late-rule", { securityGroupId: group.id, ipProtocol: "tcp", fromPort: 80, toPort: 80, cidrIpv4: "10.0.0.0/16" });
}
if (more.includes("grant")) new aws.iam.RolePolicy("grant", { role: role.name, name: "grant", policy });
`;

/**
 * Runs the real Pulumi engine and the real provider on a small stack. Each fault either passes, or ends in a message that names the fix; then the
 * same command continues.
 */
describeWithTools("a small stack on a bad day of AWS", () => {
  const directory = mkdtempSync(join(tmpdir(), "bad-day-"));
  let aws: EmulatedAws;
  let project: DriverProject;
  let before: Inventory;

  beforeAll(async () => {
    const { tools } = await ensureToolchain(["moto"]);
    aws = await startAws({ directory, python: tools.moto, seed: { images: {}, zones: [] } });
    before = await inventory(aws, [region]);
    project = await DriverProject.make(program, aws.environment);
  });

  afterAll(async () => {
    project.remove();
    await aws.stop();
    rmSync(directory, { recursive: true });
  });

  const calls = (): RecordedCall[] => recordedCalls(readFileSync(aws.callsFile, "utf8"));
  const up = (): Promise<DriverResult> => project.driver(["up", "--yes"]);

  /** Runs a command with these faults, then removes the faults. Returns the result and the calls that met a fault. */
  const during = async (lines: readonly string[], run: () => Promise<DriverResult>): Promise<DriverResult & { readonly met: string[] }> => {
    const faults: readonly Fault[] = lines.map(parseFault);
    const begin = calls().length;
    declareFaults(directory, faults);
    const ended = await run();
    declareFaults(directory, []);
    const met = calls()
      .slice(begin)
      .flatMap(({ fault, action }) => (fault === undefined ? [] : [`${fault} ${action}`]));
    if (met.length === 0) throw new Error(`no call met a fault: ${reproduction(faults)}\n${ended.stdout}${ended.stderr}`);
    return { ...ended, met };
  };
  const more = (...names: readonly string[]): void => {
    writeFileSync(join(project.directory, "more"), names.join(" "));
  };

  test("is created although the first call of each action is throttled, fails, is reset, hangs, is slow, or does not find a new resource", async () => {
    const faults = [
      "not-found ec2:Describe*",
      "throttling ec2:*",
      "server-error iam:*",
      "reset s3:Get*",
      "hang=1 s3:CreateBucket",
      "hang=1 s3:PutObject",
      "slow=1 sts:*",
    ];
    const { code, stdout, stderr, met } = await during(faults, up);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/nothing more to do after/);
    for (const fault of [
      "throttling ec2:CreateVpc",
      "not-found ec2:DescribeVpcs",
      "server-error iam:CreateRole",
      "hang s3:CreateBucket",
      "hang s3:PutObject",
    ])
      expect(met).toContain(fault);
    expect(new Set(met.map((line) => line.split(" ")[0]))).toEqual(
      new Set(["not-found", "throttling", "server-error", "reset", "hang", "slow"]),
    );
  });

  test("explains an exceeded quota and a service control policy, and continues when each is lifted", async () => {
    more("address", "parameter");
    // The fault campaign covers missing capacity: the provider makes ten attempts, which take 40 s.
    const explanations: Readonly<Record<string, RegExp>> = {
      "quota ec2:AllocateAddress": /quota "EC2-VPC Elastic IPs" is used up.*\n.*services\/ec2\/quotas\/L-0263D0A3/,
      "scp ssm:PutParameter": /service control policy \(SCP\).* denies ssm:PutParameter.*\n.*administrators of the organization/,
    };
    // The Pulumi engine starts no further operation after a failure, so one command meets one or several faults.
    for (let left = Object.keys(explanations); left.length > 0;) {
      const { code, stderr, met } = await during(left, up);
      expect(code).toBe(1);
      for (const fault of new Set(met)) expect(stderr).toMatch(explanations[fault]);
      left = left.filter((fault) => !met.includes(fault));
    }
  });

  test("explains that credentials have expired, and continues with new credentials", async () => {
    more("address", "parameter", "grant");
    // IAM answers ExpiredToken, which the SDK does not retry. After EC2's RequestExpired the SDK makes ten attempts, which take 40 s.
    const { code, stderr } = await during(["expired iam:PutRolePolicy"], up);
    expect(code).toBe(1);
    expect(stderr).toMatch(/AWS credentials have expired.*\n.*Get new credentials/);
  });

  test("imports a resource that AWS created although its response was lost", async () => {
    more("address", "parameter", "grant", "named");
    const lost = ["iam:CreateRole", "ec2:AuthorizeSecurityGroupIngress", "ec2:AllocateAddress"].map((action) => `lost-answer ${action}`);
    const { code, stdout, stderr } = await during(lost, up);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/AWS has created late-\w+.*, but its answer was lost: adopted into the state/);
    // The lost answer is that of the address that the Pulumi engine creates first: `late-address`, or `address` if no earlier test has created it.
    expect(stdout).toMatch(
      /AWS had created small-7kq2x-(?:late|address) twice because an answer was lost: the second one \(eipalloc-\w+\) is deleted/,
    );
    expect((await inventory(aws, [region]))[region]["ec2/addresses"]).toHaveLength(2);
    const all = "address bucket grant group late-address late-parameter late-role late-rule parameter profile role rule subnet upload vpc";
    expect((await project.state()).names.filter((name) => !["cluster", "default"].includes(name))).toEqual(all.split(" "));
    expect(stdout).toMatch(/nothing more to do after/);
  });

  test("destroys everything although calls are throttled, fail and are reset", async () => {
    const destroy = (): Promise<DriverResult> => project.driver(["destroy", "--confirm", "dev"]);
    const { code, stderr } = await during(["throttling ec2:*", "server-error s3:*", "reset iam:*"], destroy);
    expect([code, stderr]).toEqual([0, ""]);
    expect((await project.state()).names).toEqual([]);
    expect(await inventory(aws, [region])).toEqual(before);
  });
});
