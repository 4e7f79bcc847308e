import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { attachAws, declareRoutes, type EmulatedAws, inventory, startAws, withdrawRoutes } from "@okd-aws/sandbox/aws";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";

const run = promisify(execFile);
const regions = ["us-east-1", "eu-central-1"];

interface Call {
  action: string;
  region: string;
  status: number;
  resource?: string;
  error?: string;
}

describe("the emulated AWS as a service", () => {
  const directory = mkdtempSync(join(tmpdir(), "aws-lifecycle-"));
  let python: string;
  let aws: EmulatedAws;
  const seed = { images: {}, zones: ["example.com"] };

  beforeAll(async () => {
    python = (await ensureToolchain(["moto"])).tools.moto;
    aws = await startAws({ directory, python, seed });
  });

  afterAll(async () => {
    await aws.stop();
    rmSync(directory, { recursive: true });
  });

  const boto = (script: string): Promise<{ stdout: string }> =>
    run(python, ["-c", `import boto3\n${script}`], { env: { PATH: process.env.PATH, ...aws.environment } });
  const calls = (): Call[] =>
    readFileSync(aws.callsFile, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Call);
  const pidOf = (name: string): number => (JSON.parse(readFileSync(join(directory, `${name}.pid`), "utf8")) as { pid: number }).pid;

  /** Waits until no process has the ID. A process that ended keeps its ID until its parent, this test, collects the exit status. */
  const gone = async (pid: number): Promise<void> => {
    for (let tries = 0; tries < 50; tries++) {
      try {
        process.kill(pid, 0);
      } catch {
        return;
      }
      await new Promise((later) => setTimeout(later, 20));
    }
    throw new Error(`process ${pid} is still there`);
  };

  /** The front door's response to CONNECT, until the tunnel is established or the connection ends. */
  const connectTo = (authority: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(aws.environment.HTTPS_PROXY);
      const socket = connect(Number(port), hostname, () => socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`));
      let answer = "";
      socket.on("data", (data: Buffer) => {
        answer += data.toString();
        if (answer.startsWith("HTTP/1.1 200")) socket.destroy();
      });
      socket.on("close", () => {
        resolve(answer);
      });
      socket.on("error", reject);
    });

  it("stores files that only their owner can read", () => {
    expect(statSync(join(directory, "certificates")).mode & 0o777).toBe(0o700);
    for (const file of ["calls.jsonl", "emulator.log", "front-door.log", "seed.json", "certificates/server.key"]) {
      expect([file, statSync(join(directory, file)).mode & 0o077]).toEqual([file, 0]);
    }
  });

  it("is found by its directory, and refuses a second start", async () => {
    expect((await attachAws(directory))?.environment).toEqual(aws.environment);
    await expect(startAws({ directory, python, seed })).rejects.toThrow("is already running");
    expect(await attachAws(tmpdir())).toBeUndefined();
  });

  it("is not found if a pid file names another process", async () => {
    const file = join(directory, "front-door.pid");
    const kept = readFileSync(file, "utf8");
    writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: "1" }));
    expect(await attachAws(directory)).toBeUndefined();
    writeFileSync(file, kept);
    expect(await attachAws(directory)).toBeDefined();
  });

  it("has the user's public zone from the start", async () => {
    const { stdout } = await boto("print([z['Name'] for z in boto3.client('route53').list_hosted_zones()['HostedZones']])");
    expect(stdout.trim()).toBe("['example.com.']");
  });

  it("refuses every host name that is not AWS's, and gives the reason", async () => {
    expect(await connectTo("github.com:443")).toMatch(/^HTTP\/1.1 403 Forbidden[^]*can't reach github\.com:443/);
    expect(await connectTo("notamazonaws.com:443")).toMatch(/^HTTP\/1.1 403/);
    for (const name of ["ec2.us-east-1.amazonaws.com", "ec2.cn-north-1.amazonaws.com.cn", "ec2.us-east-1.api.aws"]) {
      expect(await connectTo(`${name}:443`)).toMatch(/^HTTP\/1.1 200/);
    }
  });

  it("sends declared names to loopback, or says why an instance could not reach them", async () => {
    const resolver: Server = createServer((message, response) => {
      const host = new URL(message.url ?? "", "http://x").searchParams.get("host");
      if (host === "api.demo.example.com")
        response.end(JSON.stringify({ target: `127.0.0.1:${(resolver.address() as AddressInfo).port}` }));
      else response.writeHead(404).end(`no record for ${host ?? ""} in any zone`);
    });
    await new Promise<void>((listening) => resolver.listen(0, "127.0.0.1", listening));
    const { port } = resolver.address() as AddressInfo;
    declareRoutes(directory, "test", [
      { name: "registry.example.com", target: `127.0.0.1:${port}` },
      { name: "closed.example.com", target: "127.0.0.1:1" },
      { name: "*.demo.example.com", resolver: `http://127.0.0.1:${port}/resolve` },
    ]);
    expect(await connectTo("registry.example.com:5000")).toMatch(/^HTTP\/1.1 200/);
    expect(await connectTo("api.demo.example.com:6443")).toMatch(/^HTTP\/1.1 200/);
    expect(await connectTo("api-int.demo.example.com:6443")).toMatch(/^HTTP\/1.1 502[^]*no record for api-int\.demo\.example\.com/);
    expect(await connectTo("closed.example.com:443")).toMatch(/^HTTP\/1.1 502[^]*closed\.example\.com does not answer/);
    withdrawRoutes(directory, "test");
    expect(await connectTo("registry.example.com:5000")).toMatch(/^HTTP\/1.1 403/);
    await new Promise((closed) => resolver.close(closed));
  });

  it("records each call with its IAM action and resource, without content", async () => {
    const before = calls().length;
    await boto(`
s3, iam, ec2 = boto3.client('s3', 'us-east-1'), boto3.client('iam'), boto3.client('ec2', 'eu-central-1')
s3.create_bucket(Bucket='recorded')
s3.put_object(Bucket='recorded', Key='a/b', Body=b'hidden content')
s3.get_object(Bucket='recorded', Key='a/b')
s3.get_bucket_encryption(Bucket='recorded')
s3.delete_object(Bucket='recorded', Key='a/b')
s3.delete_bucket(Bucket='recorded')
ec2.describe_vpcs()
boto3.client('ssm', 'us-east-1').put_parameter(Name='/okd/x', Value='hidden value', Type='SecureString')
boto3.client('ssm', 'us-east-1').delete_parameter(Name='/okd/x')
try: iam.get_role(RoleName='nobody')
except iam.exceptions.NoSuchEntityException: pass
`);
    const recorded = calls().slice(before);
    expect(recorded.map(({ action, region, resource, error }) => [action, region, resource, error])).toEqual([
      ["s3:CreateBucket", "us-east-1", "arn:aws:s3:::recorded", undefined],
      ["s3:PutObject", "us-east-1", "arn:aws:s3:::recorded/a/b", undefined],
      ["s3:GetObject", "us-east-1", "arn:aws:s3:::recorded/a/b", undefined],
      ["s3:GetEncryptionConfiguration", "us-east-1", "arn:aws:s3:::recorded", undefined],
      ["s3:DeleteObject", "us-east-1", "arn:aws:s3:::recorded/a/b", undefined],
      ["s3:DeleteBucket", "us-east-1", "arn:aws:s3:::recorded", undefined],
      ["ec2:DescribeVpcs", "eu-central-1", undefined, undefined],
      ["ssm:PutParameter", "us-east-1", "/okd/x", undefined],
      ["ssm:DeleteParameter", "us-east-1", "/okd/x", undefined],
      ["iam:GetRole", "us-east-1", "arn:aws:iam::123456789012:role/nobody", "NoSuchEntity"],
    ]);
    expect(readFileSync(aws.callsFile, "utf8")).not.toContain("hidden");
  });

  it("answers hundreds of connections at the same time", async () => {
    const { stdout } = await boto(`
from concurrent.futures import ThreadPoolExecutor
clients = [boto3.client('sts', 'us-east-1') for _ in range(300)]
with ThreadPoolExecutor(300) as pool: print(len(list(pool.map(lambda c: c.get_caller_identity()['Account'], clients))))
`);
    expect(stdout.trim()).toBe("300");
  });

  it("lists an unchanged account in identical bytes, in at most eight seconds", async () => {
    const began = Date.now();
    const before = await inventory(aws, regions);
    const seconds = (Date.now() - began) / 1000;
    console.log(`inventory of ${regions.length} regions: ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(8);
    const vpc = (
      await boto("print(boto3.client('ec2', 'eu-central-1').create_vpc(CidrBlock='10.0.0.0/16')['Vpc']['VpcId'])")
    ).stdout.trim();
    const during = await inventory(aws, regions);
    expect(JSON.stringify(during["eu-central-1"]["ec2/vpcs"])).toContain(vpc);
    await boto(`boto3.client('ec2', 'eu-central-1').delete_vpc(VpcId='${vpc}')`);
    expect(JSON.stringify(await inventory(aws, regions))).toBe(JSON.stringify(before));
  });

  it("quotes the message of a process that does not start", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "aws-broken-"));
    const broken = { directory: elsewhere, python, seed: { images: { nowhere: "no list" as never }, zones: [] } };
    await expect(startAws(broken)).rejects.toThrow(/the emulated AWS did not start: it ended with exit code 1[^]*Error/);
    rmSync(elsewhere, { recursive: true });
  });

  it("is started again after one of its processes was killed", async () => {
    const emulator = pidOf("emulator");
    process.kill(pidOf("front-door"), "SIGKILL");
    await new Promise((later) => setTimeout(later, 300));
    expect(await attachAws(directory)).toBeUndefined();
    aws = await startAws({ directory, python, seed });
    expect(pidOf("emulator")).not.toBe(emulator);
    await gone(emulator);
  });

  it("stops its two processes and no other", async () => {
    const pids = [pidOf("emulator"), pidOf("front-door")];
    await aws.stop();
    for (const pid of pids) await gone(pid);
    expect(await attachAws(directory)).toBeUndefined();
  });
});
