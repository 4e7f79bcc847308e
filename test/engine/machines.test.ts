import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteRouteCommand, RevokeSecurityGroupIngressCommand, AuthorizeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import { DescribeTargetHealthCommand, ModifyTargetGroupCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { DeleteRolePolicyCommand } from "@aws-sdk/client-iam";
import { type EmulatedAws, startAws } from "@okd-aws/sandbox/aws";
import {
  type AwsSnapshot,
  type BootContext,
  connect,
  egressTo,
  firstBoot,
  ignitionValidator,
  type Listening,
  readAwsSnapshot,
  s3Getter,
  targetHealth,
  writeTargetHealth,
} from "@okd-aws/sandbox/machines";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { makeCa } from "../unit/sandbox/machines/certificates";
import {
  type BootResources,
  accountBucket,
  changeRecord,
  accountClients,
  accountDomain,
  accountImage,
  machineConfigRule,
  makeMachinesAccount,
} from "./machines-account";
import { region } from "../region";
import { describeWithTools } from "./requirements";

const apiInt = `api-int.${accountDomain}`;
const source = `s3://${accountBucket}/bootstrap.ign`;

describeWithTools("instances that boot in an emulated AWS", () => {
  const directory = mkdtempSync(join(tmpdir(), "machines-"));
  const environment = { ...process.env };
  let aws: EmulatedAws | undefined;
  let account: BootResources;
  let context: BootContext;
  let listening: Listening;
  let sdk: ReturnType<typeof accountClients>;

  beforeAll(async () => {
    const { tools } = await ensureToolchain(["moto", "ignition-validate"]);
    const seeded = { id: accountImage, name: "scos-9.0-x86_64", architecture: "x86_64" as const, owner: "531415883065" };
    aws = await startAws({ directory, python: tools.moto, seed: { images: { [region]: [seeded] }, zones: ["example.com"] } });
    Object.assign(process.env, aws.environment);
    sdk = accountClients();

    const now = new Date();
    const root = await makeCa("root-ca", now);
    const certificate = await root.issue(apiInt);
    const authority = `data:text/plain;charset=utf-8;base64,${Buffer.from(root.certificate).toString("base64")}`;
    const master = {
      ignition: {
        version: "3.2.0",
        config: { merge: [{ source: `https://${apiInt}:22623/config/master` }] },
        security: { tls: { certificateAuthorities: [{ source: authority }] } },
      },
    };
    const bootstrap = { ignition: { version: "3.1.0", config: { replace: { source } } } };
    const object = {
      ignition: { version: "3.2.0" },
      storage: { files: [{ path: "/opt/openshift/tls/root-ca.crt", mode: 384, contents: { source: authority } }] },
    };
    const userData = { bootstrap: JSON.stringify(bootstrap), master: JSON.stringify(master) };
    account = await makeMachinesAccount(sdk, userData, JSON.stringify(object));
    listening = (id, port) =>
      id === account.bootstrap && port === 22623
        ? { protocol: "https", statusOf: (path) => (["/healthz", "/config/master"].includes(path) ? 200 : 404), certificate }
        : undefined;
    context = {
      s3Get: s3Getter(region),
      now: new Date(now.getTime() + 60_000),
      listening,
      validate: ignitionValidator(tools["ignition-validate"]),
      releaseImages: [accountImage],
    };
  });

  afterAll(async () => {
    process.env = environment;
    await aws?.stop();
    rmSync(directory, { recursive: true });
  });

  const instanceOf = (snapshot: AwsSnapshot, id: string) => {
    const found = snapshot.instances.find((instance) => instance.id === id);
    if (found === undefined) throw new Error(`no ${id} in the snapshot of AWS`);
    return found;
  };
  const boot = async (id: string) => {
    const snapshot = await readAwsSnapshot(region);
    return firstBoot(snapshot, instanceOf(snapshot, id), context);
  };
  /** Breaks something, runs the checks, and repairs the damage. */
  const during = async (breaking: () => Promise<unknown>, look: () => Promise<void>, mending: () => Promise<unknown>) => {
    await breaking();
    await look().finally(mending);
  };

  it("are read in 1.5 seconds, with everything that their boot depends on", async () => {
    const readings: { took: number; snapshot: AwsSnapshot }[] = [];
    // The best of three measurements, because other tests run at the same time.
    for (let reading = 0; reading < 3; reading += 1) {
      const start = Date.now();
      const snapshot = await readAwsSnapshot(region);
      readings.push({ took: Date.now() - start, snapshot });
    }
    const [{ took, snapshot }] = readings.sort((a, b) => a.took - b.took);
    console.log(`a snapshot of ${snapshot.instances.length} instances took ${took} ms`);
    expect(took).toBeLessThan(1500);
    const master = instanceOf(snapshot, account.master);
    expect(master).toMatchObject({
      imageId: accountImage,
      subnetId: account.privateSubnet,
      vpcId: account.vpcId,
      groupIds: [account.masters],
      metadataService: true,
      tags: { "kubernetes.io/cluster/demo-1": "shared" },
    });
    expect(master.publicIp).toBeUndefined();
    expect(instanceOf(snapshot, account.bootstrap).publicIp).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    const balancer = snapshot.loadBalancers.find(({ name }) => name === "demo-1-int");
    expect(balancer?.addresses).toEqual([
      { subnetId: account.privateSubnet, address: expect.stringMatching(/^10\.0\.(1[6-9]|2\d|3[01])\./) as string },
    ]);
    expect(snapshot.loadBalancers.find(({ name }) => name === "router")?.listeners).toEqual([
      { protocol: "TCP", port: 443, targetGroupIds: ["router:30443"] },
    ]);
    expect(snapshot.targetGroups.find(({ id }) => id === account.targetGroup)).toMatchObject({
      preservesClientIp: false,
      healthCheck: { protocol: "HTTPS", port: 22623, path: "/healthz" },
    });
    expect(egressTo(snapshot, master, "internet")).toEqual({ through: expect.stringMatching(/^nat-/) as string });
    expect(egressTo(snapshot, master, "s3")).toEqual({ through: expect.stringMatching(/^vpce-/) as string });
    expect(egressTo(snapshot, instanceOf(snapshot, account.bootstrap), "internet")).toEqual({
      through: expect.stringMatching(/^igw-/) as string,
    });
  });

  it("boot in order: the bootstrap instance from its object, then a control plane node from the bootstrap instance", async () => {
    expect(await boot(account.bootstrap)).toMatchObject({ fetched: "object" });
    expect(await boot(account.master)).toEqual({ fetched: "machine-config-server", role: "master", from: account.bootstrap });
  });

  it("hang without the rule, the record, the correct health check, or the route", async () => {
    const hangsWith = (sentence: string) => async () => {
      expect(await boot(account.master)).toEqual({ hangs: expect.stringContaining(sentence) as string });
    };
    const rule = { GroupId: account.masters, IpPermissions: [machineConfigRule] };
    await during(
      () => sdk.ec2.send(new RevokeSecurityGroupIngressCommand(rule)),
      hangsWith(`no ingress rule of security group ${account.masters} (demo-1-master-sg) allows tcp 22623 from 10.0.`),
      () => sdk.ec2.send(new AuthorizeSecurityGroupIngressCommand(rule)),
    );
    await during(
      () => changeRecord(sdk.route53, account.internalZone, "DELETE", account.balancer),
      hangsWith(`has no record ${apiInt}`),
      () => changeRecord(sdk.route53, account.internalZone, "CREATE", account.balancer),
    );
    const check = (HealthCheckPath: string) =>
      sdk.elb.send(new ModifyTargetGroupCommand({ TargetGroupArn: account.targetGroup, HealthCheckPath }));
    await during(
      () => check("/health"),
      hangsWith(`the health check of /health on port 22623 of ${account.bootstrap} is answered with 404`),
      () => check("/healthz"),
    );
    await sdk.ec2.send(new DeleteRouteCommand({ RouteTableId: account.privateTable, DestinationCidrBlock: "0.0.0.0/0" }));
    await hangsWith(`can't pull the release's images: ${account.master} can't reach the internet: ${account.privateTable}`)();
  });

  it("hang if their role may not read the ignition config in S3", async () => {
    const policy = { RoleName: "demo-1-bootstrap-role", PolicyName: "demo-1-bootstrap-policy" };
    await sdk.iam.send(new DeleteRolePolicyCommand(policy));
    const reason = `can't fetch ${source}: role demo-1-bootstrap-role may not s3:GetObject on arn:aws:s3:::${accountBucket}/bootstrap.ign: it has no policy`;
    expect(await boot(account.bootstrap)).toEqual({ hangs: reason });
  });

  it("have, for AWS's clients, the health that the simulator has recorded", async () => {
    const snapshot = await readAwsSnapshot(region);
    writeTargetHealth(directory, targetHealth(snapshot, listening));
    const { TargetHealthDescriptions = [] } = await sdk.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: account.targetGroup }));
    expect(TargetHealthDescriptions.map(({ TargetHealth }) => [TargetHealth?.State, TargetHealth?.Reason])).toEqual([
      ["healthy", undefined],
      ["unhealthy", "Target.Timeout"],
    ]);
    expect(TargetHealthDescriptions[1].TargetHealth?.Description).toBe(`nothing listens on port 22623 of ${account.master}`);
    expect(connect(snapshot, listening, instanceOf(snapshot, account.master), apiInt, 22623)).toEqual({ reached: account.bootstrap });
  });

  it("have their config checked by the real validator, which reports errors", async () => {
    expect(await context.validate('{"ignition":{"version":"3.2.0"}}')).toBeUndefined();
    expect(await context.validate('{"ignition":{"version":"9.0.0"}}')).toContain("unsupported config version");
  });
});
