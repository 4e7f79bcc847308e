import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectDirectory } from "@okd-aws/sandbox";
import { type EmulatedAws, inventory, type Inventory, startAws } from "@okd-aws/sandbox/aws";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import type { CleanupTarget } from "../../steps/cleanup/resource-kind";
import type { Leftover } from "../../steps/cleanup/cleanup";
import { DriverProject } from "./driver-project";
import { describeWithTools } from "./requirements";

const run = promisify(execFile);
const region = "us-east-1";
const image = { id: "ami-0123456789abcdef0", name: "coreos", architecture: "x86_64" as const, owner: "531415883065" };

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How many resources of each kind each of the two clusters owns; the keys are the names that the cleanup prints. */
const ownedByEach = {
  instances: 1,
  "DNS records": 4,
  "classic load balancers": 1,
  "load balancers": 1,
  "target groups": 1,
  "EFS access points": 2,
  "EFS file systems": 1,
  "network interfaces": 1,
  "Elastic IP addresses": 1,
  "security groups": 2,
  volumes: 1,
  snapshots: 1,
  buckets: 2,
  "IAM users": 1,
  "IAM instance profiles": 1,
  "IAM roles": 1,
  "IAM policies": 1,
  "IAM identity providers": 1,
};

/** How many resources of each kind `--json` lists. */
function countsOf(json: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of JSON.parse(json) as Leftover[]) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Two clusters have resources in one VPC. The cleanup deletes the resources of one cluster, and changes nothing else. */
describeWithTools("the cleanup", () => {
  const directory = mkdtempSync(join(tmpdir(), "cleanup-"));
  let aws: EmulatedAws | undefined;
  let one: CleanupTarget;
  let other: CleanupTarget;
  let whileBoth: Inventory;
  let afterCleanup: Inventory;

  const emulated = (): EmulatedAws => {
    if (aws === undefined) throw new Error("the emulated AWS did not start");
    return aws;
  };
  const environment = () => ({ PATH: process.env.PATH, HOME: process.env.HOME, AWS_DEFAULT_REGION: region, ...emulated().environment });

  /** Runs the cleanup program as the stack's resource does. */
  const cleanupCli = async (target: CleanupTarget, ...args: string[]): Promise<Ended> => {
    const words = ["-r", "ts-node/register/transpile-only", "steps/run.ts", "cleanup", ...args, JSON.stringify(target)];
    const options = { cwd: projectDirectory, env: environment(), timeout: 120_000 };
    return run(process.execPath, words, options).then(
      (output) => ({ code: 0, ...output }),
      (error: unknown) => error as Ended,
    );
  };
  const boto = (script: string, ...args: string[]) =>
    run(emulated().python, ["-c", `import boto3, json, sys\n${script}`, ...args], { env: environment() });
  const everything = (): Promise<Inventory> => inventory(emulated(), [region]);

  beforeAll(async () => {
    const python = (await ensureToolchain(["moto"])).tools.moto;
    aws = await startAws({ directory, python, seed: { images: { [region]: [image] }, zones: ["example.com"] } });
    const script = join(__dirname, "owned-things.py");
    const { stdout } = await run(aws.python, [script, "one-a1b2c", "other-d3e4f"], { env: environment() });
    [one, other] = JSON.parse(stdout) as [CleanupTarget, CleanupTarget];
    await everything(); // a new file system is still `creating` in its first description
    whileBoth = await everything();
  });

  afterAll(async () => {
    await aws?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  test("lists everything that the cluster created, and nothing shared", async () => {
    const { code, stdout, stderr } = await cleanupCli(one, "--dry-run", "--json");
    expect([code, stderr]).toEqual([1, ""]);
    expect(countsOf(stdout)).toEqual(ownedByEach);
    expect(await everything()).toEqual(whileBoth);
  });

  test("fails in time and names the remaining resources with the reason, when something else uses them", async () => {
    const group = `boto3.client('ec2', '${region}')`;
    const { stdout } = await boto(
      `ec2 = ${group}; g = ec2.create_security_group(GroupName='mine', Description='mine', VpcId=sys.argv[1])['GroupId']
front = ec2.describe_security_groups(Filters=[{'Name': 'group-name', 'Values': ['one-a1b2c-front']}])['SecurityGroups'][0]['GroupId']
ec2.authorize_security_group_ingress(GroupId=g, IpPermissions=[{'IpProtocol': 'tcp', 'FromPort': 1, 'ToPort': 1, 'UserIdGroupPairs': [{'GroupId': front}]}])
print(json.dumps([g, front]))`,
      one.vpcId,
    );
    const [mine, front] = JSON.parse(stdout) as [string, string];
    // With 0 s the limit is over before the first attempt, as on a slow machine.
    const { code, stderr } = await cleanupCli(one, "--timeout", "0");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`could not be deleted:\\n  security groups: ${front} \\(DependencyViolation: [^]*run the same command again`),
    );
    await boto(`${group}.delete_security_group(GroupId=sys.argv[1])\nprint('{}')`, mine);
  });

  test("deletes the remaining resources on the next run, and reports them", async () => {
    const { code, stdout, stderr } = await cleanupCli(one);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("no AWS resources of one-a1b2c are left");
    afterCleanup = await everything();
  });

  test("leaves the other cluster's resources and the shared resources unchanged", async () => {
    const { stdout } = await cleanupCli(other, "--dry-run", "--json");
    expect(countsOf(stdout)).toEqual(ownedByEach);
    // Everything that the cleanup deleted or changed belongs to the cluster: it has the cluster's tag "owned", or it is the cluster's record, or it
    // is a security group that had a rule for one of the cluster's security groups.
    const text = JSON.stringify(afterCleanup);
    expect(text.match(/other-d3e4f/g)).toHaveLength(JSON.stringify(whileBoth).match(/other-d3e4f/g)?.length ?? 0);
    for (const kept of [
      "one-a1b2c-worker-sg",
      "one-a1b2c-int",
      "one-a1b2c-ignition",
      "one-a1b2c-worker-role",
      "api.one.example.com",
      "shared-one-a1b2c",
    ]) {
      expect(text).toContain(kept);
    }
    for (const gone of [
      "c-one-a1b2c",
      "n-one-a1b2c",
      "t-one-a1b2c",
      "image-registry-us-east-1a",
      "own-one-a1b2c",
      "apps.one.example.com",
      "shard.one.example.com",
    ]) {
      expect(text).not.toContain(gone);
    }
  });

  test("keeps the shared security group's rules, except rules for deleted security groups", async () => {
    const { stdout } = await boto(
      `groups = boto3.client('ec2', '${region}').describe_security_groups(Filters=[{'Name': 'group-name', 'Values': ['one-a1b2c-worker-sg']}])
print(json.dumps([[p['FromPort'], [r['CidrIp'] for r in p['IpRanges']], len(p['UserIdGroupPairs'])] for p in groups['SecurityGroups'][0]['IpPermissions']]))`,
    );
    expect((JSON.parse(stdout) as unknown[]).sort()).toEqual([
      [22, ["10.0.0.0/16"], 0],
      [80, [], 1],
    ]);
  });

  test("deletes nothing on a second run", async () => {
    expect(await cleanupCli(one, "--json")).toMatchObject({ code: 0, stdout: "[]\n" });
    expect(await everything()).toEqual(afterCleanup);
  });

  test("warns about resources that it cannot delete, when everything else is deleted", async () => {
    const tag = `{'kubernetes.io/cluster/${one.infraId}': 'owned'}`;
    const { stdout: url } = await boto(
      `print(boto3.client('sqs', '${region}').create_queue(QueueName='queue', tags=${tag})['QueueUrl'])
boto3.client('ec2', '${region}').allocate_address(Domain='vpc', TagSpecifications=[{'ResourceType': 'elastic-ip', 'Tags': [{'Key': k, 'Value': v} for k, v in ${tag}.items()]}])`,
    );
    const { code, stdout, stderr } = await cleanupCli(one);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^deleting Elastic IP addresses eipalloc-\S+\nwarning: all known kinds of resources of one-a1b2c are deleted, but/,
    );
    expect(stdout).toMatch(/\n {2}arn:aws:sqs:us-east-1:\d+:queue\nDelete the listed resources that still exist: /);
    expect((await cleanupCli(one, "--dry-run")).code).toBe(1);
    await boto(`boto3.client('sqs', '${region}').delete_queue(QueueUrl=sys.argv[1])`, url.trim());
    expect(await everything()).toEqual(afterCleanup);
  });

  test("runs only when its stack is destroyed", async () => {
    const program = `require("ts-node/register/transpile-only");
const { Cleanup } = require(${JSON.stringify(join(projectDirectory, "components/cleanup"))});
const target = ${JSON.stringify(other)};
new Cleanup("cleanup", { target: { ...target, vpcId: pulumi.output(target.vpcId) } });`;
    const project = await DriverProject.make(program, emulated().environment);
    try {
      expect(await project.driver(["up", "--yes"])).toMatchObject({ code: 0 });
      expect(await everything()).toEqual(afterCleanup);
      const { code, stdout, stderr } = await project.driver(["destroy", "--confirm", "dev"]);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/cleanup: 2 changes in/);
    } finally {
      project.remove();
    }
    expect(await cleanupCli(other, "--dry-run")).toMatchObject({ code: 0, stdout: "" });
  });

  test("refuses wrong arguments with an explanation", async () => {
    expect(await cleanupCli({ ...one, vpcId: "" })).toMatchObject({ code: 2, stderr: expect.stringContaining("lacks vpcId") as string });
  });
});
