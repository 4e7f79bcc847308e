import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { DescribeNatGatewaysCommand, DescribeSecurityGroupsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeLoadBalancersCommand, DescribeTagsCommand, ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ListHostedZonesByNameCommand, Route53Client } from "@aws-sdk/client-route-53";
import { GetBucketTaggingCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ProxyAgent } from "proxy-agent";
import { type CoreOsStream, type EmulatedAws, imagesOfStream, startAws } from "@okd-aws/sandbox/aws";
import { simulatorTools, startSimulator, stopSimulator } from "@okd-aws/sandbox/cluster";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { clientConfiguration } from "../../lib/aws/client";
import { defaultRouter } from "../../cluster-objects/ingress/default-router";
import { withOwnRanges } from "../../cluster-objects/ingress/own-ranges";
import { makeAssets } from "./installer-assets";
import { describeWithTools } from "./requirements";
import { testCloudController, testFurtherRouter, testStoppedInstance } from "./simulated-cloud-controller";
import { testOperators } from "./simulated-operators";
import { testWorkloads } from "./simulated-workloads";
import { TestAws } from "./simulated-machines";

const run = promisify(execFile);
const cluster = { infraId: "dev-abcde", region: "us-east-1", domain: "dev.okd.example.com", baseDomain: "okd.example.com" };

const noPlacement = { nodeSelector: {}, tolerations: [] };

/** The user's tags. YAML 1.1 would read some of them as numbers without quotes. */
const tags = { "cost-center": "1234_5678", release: "2024_01_15", "0X1F": "12_3", team: "network and nodes" };

/** A login as `oc` makes it: through the front door, trusting the router's CA. */
function challenge(host: string, ca: string, credentials: string): Promise<{ status?: number; location?: string }> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Basic ${credentials}`, "X-CSRF-Token": "1" };
    const path = "/oauth/authorize?response_type=token&client_id=openshift-challenging-client";
    const outgoing = request({ host, path, ca, headers, agent: new ProxyAgent() }, ({ statusCode, headers: { location } }) => {
      resolve({ status: statusCode, location });
    });
    outgoing.once("error", reject).end();
  });
}

/** Tags of the resources that a cluster's operators create: the router's load balancer, its security group, the registry's bucket. */
async function createdBy(infraId: string): Promise<Record<string, Record<string, string>>> {
  const configuration = clientConfiguration(cluster.region);
  const [balancing, ec2, s3] = [new ElasticLoadBalancingClient(configuration), new EC2Client(configuration), new S3Client(configuration)];
  const { LoadBalancerDescriptions = [] } = await balancing.send(new DescribeLoadBalancersCommand({}));
  const LoadBalancerNames = LoadBalancerDescriptions.map(({ LoadBalancerName = "" }) => LoadBalancerName);
  const { TagDescriptions = [] } = await balancing.send(new DescribeTagsCommand({ LoadBalancerNames }));
  const Filters = [{ Name: `tag:kubernetes.io/cluster/${infraId}`, Values: ["owned"] }];
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const registry = Buckets.map(({ Name = "" }) => Name).find((name) => name.startsWith(`${infraId}-image-registry`));
  const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket: registry }));
  const found = { "load balancer": TagDescriptions[0].Tags, "security group": SecurityGroups[0].Tags, bucket: TagSet };
  return Object.fromEntries(
    Object.entries(found).map(([what, list = []]) => [what, Object.fromEntries(list.map(({ Key = "", Value = "" }) => [Key, Value]))]),
  );
}

/** Instances that were created by direct AWS calls become a cluster. The real installer checks the result. */
describeWithTools("a cluster of simulated instances", () => {
  const directory = mkdtempSync(join(tmpdir(), "simulator-"));
  const assets = join(directory, "assets");
  const before = { ...process.env };
  let aws: EmulatedAws | undefined;
  let environment: NodeJS.ProcessEnv = {};
  let installer = "";
  let kubectl: (...args: string[]) => Promise<string>;

  beforeAll(async () => {
    const { tools, environment: variables } = await ensureToolchain(["moto", "openshift-install", "kubectl", ...simulatorTools]);
    installer = tools["openshift-install"];
    const path = `${dirname(installer)}:${process.env.PATH ?? ""}`;
    const { stdout } = await run(installer, ["coreos", "print-stream-json"], {
      env: { ...process.env, ...variables },
      maxBuffer: 16 * 1024 * 1024,
    });
    const images = imagesOfStream(JSON.parse(stdout) as CoreOsStream);
    aws = await startAws({ directory: join(directory, "aws"), python: tools.moto, seed: { images, zones: [cluster.baseDomain] } });
    environment = { HOME: directory, PATH: path, ...variables, ...aws.environment };
    Object.assign(process.env, aws.environment);
    kubectl = async (...args) => {
      const kubeconfig = join(assets, "auth", "kubeconfig");
      return (await run(tools.kubectl, ["--kubeconfig", kubeconfig, "--cache-dir", directory, ...args], { env: environment })).stdout;
    };
    const dns = new Route53Client(clientConfiguration(cluster.region));
    const { HostedZones: [zone] = [] } = await dns.send(new ListHostedZonesByNameCommand({ DNSName: cluster.baseDomain }));
    const image = images[cluster.region].find(({ architecture }) => architecture === "x86_64")?.id ?? "";
    const test = new TestAws({ ...cluster, image });
    const network = await test.network((zone.Id ?? "").replace("/hostedzone/", ""));
    const files = makeAssets(assets, {
      ...cluster,
      clusterName: "dev",
      privateZoneId: network.privateZone,
      workers: 2,
      tags,
      environment,
    });
    const options = { aws: aws.directory, regions: [cluster.region], programs: tools, definitions: tools["openshift-definitions"] };
    await startSimulator(join(directory, "cluster"), options, environment);
    const pointer = await test.putIgnition(files["bootstrap.ign"]);
    await test.machines(network, "bootstrap", 1, pointer);
    await test.machines(network, "master", 3, files["master.ign"]);
    await test.machines(network, "worker", 2, files["worker.ign"]);
  });

  afterAll(async () => {
    await stopSimulator(join(directory, "cluster"));
    await aws?.stop();
    process.env = before;
    rmSync(directory, { recursive: true });
  });

  /** Runs the installer's `wait-for` and returns its output. If it does not end, the error contains the simulator's log. */
  function waitFor(what: string, seconds: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn(installer, ["--dir", assets, "--log-level", "debug", "wait-for", what], { env: environment });
      const said: Buffer[] = [];
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
      const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
      child.once("error", reject);
      child.once("close", (code) => {
        clearTimeout(timer);
        const text = Buffer.concat(said).toString("utf8");
        if (code === 0) resolve(text);
        else reject(new Error(`${what}: ${text}\n${readFileSync(join(directory, "cluster", "simulator.log"), "utf8")}`));
      });
    });
  }

  it("completes its bootstrap, as openshift-install confirms", async () => {
    expect(await waitFor("bootstrap-complete", 240)).toContain("It is now safe to remove the bootstrap resources");
  });

  it("joins workers only after their requests are approved, and is then installed", async () => {
    const approver = new AbortController();
    const approving = (async () => {
      while (!approver.signal.aborted) {
        const requests = (await kubectl("get", "csr", "--no-headers"))
          .split("\n")
          .filter((line) => line.endsWith("Pending"))
          .map((line) => line.split(" ")[0]);
        if (requests.length > 0) await kubectl("certificate", "approve", ...requests);
        await sleep(500);
      }
    })();
    try {
      expect(await waitFor("install-complete", 240)).toContain("Install complete!");
    } finally {
      approver.abort();
      await approving;
    }
    const nodes = (await kubectl("get", "nodes", "--no-headers")).trim().split("\n");
    expect(nodes.filter((line) => /\bReady\b.*control-plane,master/.test(line))).toHaveLength(3);
    expect(nodes.filter((line) => /\bReady\b.*worker/.test(line))).toHaveLength(2);
    expect(existsSync(join(directory, "cluster", "status.json"))).toBe(true);
  });

  testCloudController(() => ({ kubectl, directory, ...cluster }));

  testWorkloads(() => ({ kubectl, directory }));
  testOperators(() => ({ kubectl, directory }));

  it("adds the user's tags, exactly as written, to the resources that its operators create", async () => {
    const created = await createdBy(cluster.infraId);
    expect(Object.keys(created).sort()).toEqual(["bucket", "load balancer", "security group"]);
    for (const [what, found] of Object.entries(created)) expect([what, found]).toEqual([what, expect.objectContaining(tags)]);
  });

  /** The response to kubeadmin's login by a user on the internet. */
  const logIn = async (password: string) => {
    const bundle = "jsonpath={.data.ca-bundle\\.crt}";
    const authority = await kubectl("get", "configmap", "default-ingress-cert", "-n", "openshift-config-managed", "-o", bundle);
    return challenge(`oauth-openshift.apps.${cluster.domain}`, authority, Buffer.from(`kubeadmin:${password}`).toString("base64"));
  };

  it("cannot reach its own router if the allowed CIDR blocks miss the NAT gateway's address, and recovers with the address", async () => {
    const allowed = ["198.51.100.0/24"];
    const allow = async (ranges: readonly string[]) => {
      const router = defaultRouter(
        { default: { placement: noPlacement, allowedSourceRanges: allowed, scope: "External" }, shards: [] },
        undefined,
        ranges,
      );
      const patch = JSON.stringify({ spec: router?.spec });
      await kubectl("patch", "-n", "openshift-ingress-operator", "ingresscontroller/default", "--type", "merge", "-p", patch);
    };
    const states = async () => {
      const path =
        '{range .items[*]}{.metadata.name}{" "}{.status.conditions[?(@.type=="Available")].status}{" "}{.status.conditions[?(@.type=="Degraded")].status}{"\\n"}{end}';
      const lines = (await kubectl("get", "clusteroperators", "ingress", "authentication", "console", "-o", `jsonpath=${path}`)).trim();
      return lines.split("\n");
    };
    const becomes = async (wanted: readonly string[]) => {
      let found = await states();
      for (const deadline = Date.now() + 60_000; found.join() !== wanted.join() && Date.now() < deadline; found = await states())
        await sleep(500);
      expect(found).toEqual(wanted);
    };
    await becomes(["ingress True False", "authentication True False", "console True False"]);
    await allow(allowed);
    await becomes(["ingress True True", "authentication False False", "console False False"]);
    const { NatGateways = [] } = await new EC2Client(clientConfiguration(cluster.region)).send(new DescribeNatGatewaysCommand({}));
    const own = NatGateways.flatMap(({ NatGatewayAddresses = [] }) => NatGatewayAddresses.map(({ PublicIp = "" }) => `${PublicIp}/32`));
    await allow(withOwnRanges(allowed, own));
    await becomes(["ingress True False", "authentication True False", "console True False"]);
    await allow(["0.0.0.0/0"]);
    const answered = async () => (await logIn("x")).status !== 502;
    const deadline = Date.now() + 60_000;
    while (!(await answered())) {
      expect(Date.now()).toBeLessThan(deadline);
      await sleep(500);
    }
  });

  it("accepts kubeadmin's name and password, and accepts the token until it is deleted", async () => {
    const password = readFileSync(join(assets, "auth", "kubeadmin-password"), "utf8");
    expect(await logIn(`${password}x`)).toEqual({ status: 401, location: undefined });
    const { status, location = "" } = await logIn(password);
    expect(status).toBe(302);
    const token = new URLSearchParams(new URL(location).hash.slice(1)).get("access_token") ?? "";
    expect(token).toMatch(/^sha256~/);

    const config = join(directory, "token-kubeconfig");
    const admin = JSON.parse(await kubectl("config", "view", "--raw", "-o", "json")) as { users: { name: string; user: object }[] };
    writeFileSync(config, JSON.stringify({ ...admin, users: admin.users.map(({ name }) => ({ name, user: { token } })) }), { mode: 0o600 });
    const asUser = (...args: string[]) => kubectl("--kubeconfig", config, ...args);
    const { status: self } = JSON.parse(await asUser("auth", "whoami", "-o", "json")) as {
      status: { userInfo: { username: string; groups: string[] } };
    };
    expect(self.userInfo).toMatchObject({ username: "kube:admin", groups: ["system:cluster-admins", "system:authenticated"] });
    expect((await asUser("auth", "can-i", "*", "*", "--all-namespaces")).trim()).toBe("yes");

    await kubectl("delete", "oauthaccesstokens.oauth.openshift.io", "--all");
    // The API server caches a token review for ten seconds.
    let answer = "";
    const deadline = Date.now() + 30_000;
    while (!answer.includes("Unauthorized") && Date.now() < deadline) {
      await sleep(1000);
      answer = await asUser("auth", "whoami").catch(String);
    }
    expect(answer).toContain("Unauthorized");
  });

  testFurtherRouter(() => ({ kubectl, directory, ...cluster }));

  testStoppedInstance(() => ({ kubectl, directory, ...cluster }));
});
