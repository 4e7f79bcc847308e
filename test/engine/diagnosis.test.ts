import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateRouteCommand,
  DeleteRouteCommand,
  RevokeSecurityGroupIngressCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  DeleteListenerCommand,
  DeregisterTargetsCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DeleteRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, DeleteBucketPolicyCommand, PutBucketPolicyCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { extract } from "tar";
import { type EmulatedAws, startAws } from "@okd-aws/sandbox/aws";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { healthKey } from "../../ignition/installer-host/health";
import { diagnose, investigate } from "../../steps/diagnosis/diagnose";
import { gather } from "../../steps/diagnosis/gather";
import type { DiagnosisTarget } from "../../steps/diagnosis/target";
import { ignitionWith, machinePointer, makeCertificate } from "../unit/steps/diagnosis/certificates";
import { startFakeApi } from "../unit/steps/diagnosis/fake-api";
import {
  baseDomain,
  buildCluster,
  type BuiltCluster,
  clients,
  clusterDomain,
  imageId,
  builtInfraId,
  machineCidr,
} from "./diagnosis/built-cluster";
import { region } from "../region";
import { describeWithTools } from "./requirements";

/**
 * Runs the diagnosis in the emulated account. The diagnosis finds no problem in a correct cluster. In a cluster that one call broke, the
 * diagnosis finds exactly that problem.
 */
describeWithTools("the diagnosis of a cluster in an emulated account", () => {
  const directory = mkdtempSync(join(tmpdir(), "diagnosis-"));
  const environment = { ...process.env };
  const target: DiagnosisTarget = {
    ...{ region, infraId: builtInfraId, clusterDomain, baseDomain, machineCidrs: [machineCidr] },
    publish: "External",
    dnsManaged: true,
    needsDefaultRoute: true,
    needsRegistry: false,
    hasApprover: false,
  };
  let aws: EmulatedAws | undefined;
  let at: ReturnType<typeof clients>;
  let cluster: BuiltCluster;

  beforeAll(async () => {
    const image = { id: imageId, name: "scos-9.0-x86_64", architecture: "x86_64" as const, owner: "531415883065" };
    const { tools } = await ensureToolchain(["moto"]);
    aws = await startAws({ directory, python: tools.moto, seed: { images: { [region]: [image] }, zones: [baseDomain] } });
    Object.assign(process.env, aws.environment);
    at = clients();
    cluster = await buildCluster(at);
  });

  afterAll(async () => {
    for (const client of Object.values(at)) client.destroy();
    for (const name of Object.keys(aws?.environment ?? {})) {
      if (environment[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = environment[name];
    }
    await aws?.stop();

    rmSync(directory, { recursive: true });
  });

  /** Breaks one part, checks the problem that the diagnosis finds, and repairs the part. */
  async function expectCause(
    damage: () => Promise<unknown>,
    repair: () => Promise<unknown>,
    layer: string,
    problem: string,
    consequences: readonly unknown[] = [],
  ): Promise<void> {
    await damage();
    try {
      const found = await diagnose(target);
      expect(found.map((finding) => [finding.layer, finding.problem])).toEqual([[layer, problem], ...consequences]);
    } finally {
      await repair();
    }
  }

  test("finds no problem in a correct cluster, and reads the cluster in seconds", async () => {
    const begin = Date.now();
    const { evidence, findings } = await investigate(target);
    expect(findings).toEqual([]);
    expect(Date.now() - begin).toBeLessThan(15_000);
    // Proves that the diagnosis read the account: without evidence the diagnosis would find no problem either.
    expect(evidence.machines?.map(({ name, userData }) => [name, userData !== ""])).toEqual([
      ["bootstrap", true],
      ["master-0", true],
      ["worker-0", true],
    ]);
    expect(evidence.dns.records.map(({ name, found }) => [name, found.length])).toEqual([
      [`api.${clusterDomain}`, 1],
      [`api-int.${clusterDomain}`, 1],
      [`api.${clusterDomain}`, 1],
    ]);
    expect(evidence.ignition?.policies?.identity).toHaveLength(1);
    expect(Object.values(evidence.balancing.targets).map((targets) => targets?.health?.length)).toEqual([2, 2, 2]);
  });

  test("names a revoked security group rule", async () => {
    const rule = {
      GroupId: cluster.groups.masters,
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 22623, ToPort: 22623, IpRanges: [{ CidrIp: machineCidr }] }],
    };
    await expectCause(
      () => at.ec2.send(new RevokeSecurityGroupIngressCommand(rule)),
      () => at.ec2.send(new AuthorizeSecurityGroupIngressCommand(rule)),
      "security group",
      `security group dev-abcde-master-sg (${cluster.groups.masters}) doesn't allow tcp 22623 from 10.0.0.0/16: machine config server`,
    );
  });

  test("names the deleted record api-int", () =>
    expectCause(
      () => cluster.change(cluster.privateZone, "DELETE", cluster.apiInt),
      () => cluster.change(cluster.privateZone, "CREATE", cluster.apiInt),
      "DNS",
      `api-int.dev.example.com has no record in private zone ${cluster.privateZone}`,
    ));

  test("names a health check whose path was changed", () => {
    const change = (HealthCheckPath: string) =>
      at.balancing.send(new ModifyTargetGroupCommand({ TargetGroupArn: cluster.services.sint.targetGroup, HealthCheckPath }));
    return expectCause(
      () => change("/"),
      () => change("/healthz"),
      "load balancer",
      "target group dev-abcde-sint has health check path /, not /healthz",
    );
  });

  test("names the instance whose pointer trusts another CA", async () => {
    const other = await makeCertificate("root-ca", new Date(), -1, 3650);
    const pointer = machinePointer(clusterDomain, "worker", other.certificate);
    let stranger = "";
    const begin = async () => {
      ({ id: stranger } = await cluster.machine("worker-1", cluster.privateSubnet.id, [cluster.groups.workers], pointer));
    };
    await begin();
    const found = await diagnose(target);
    await at.ec2.send(new TerminateInstancesCommand({ InstanceIds: [stranger] }));
    expect(found.map(({ layer, problem }) => [layer, problem])).toEqual([
      [
        "ignition",
        `the pointer config of worker-1 (${stranger}) doesn't trust the root CA that signed the machine config server's certificate`,
      ],
    ]);
  });

  test("names the object that the bootstrap instance's role may no longer read", () =>
    expectCause(
      () => at.iam.send(new DeleteRolePolicyCommand({ RoleName: cluster.role, PolicyName: cluster.policy.PolicyName })),
      () => at.iam.send(new PutRolePolicyCommand(cluster.policy)),
      "ignition",
      `no policy of role dev-abcde-bootstrap-role allows s3:GetObject on arn:aws:s3:::${cluster.bucket}/bootstrap.ign, so the bootstrap instance can't read its ignition config`,
    ));

  test("names the bucket's policy if the policy denies access to the object", () => {
    const Statement = [
      { Effect: "Deny", Principal: { AWS: cluster.roleArn }, Action: "s3:Get*", Resource: `arn:aws:s3:::${cluster.bucket}/*` },
    ];
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
    return expectCause(
      () => at.storage.send(new PutBucketPolicyCommand({ Bucket: cluster.bucket, Policy })),
      () => at.storage.send(new DeleteBucketPolicyCommand({ Bucket: cluster.bucket })),
      "ignition",
      `the policy of bucket ${cluster.bucket} denies role dev-abcde-bootstrap-role s3:GetObject on arn:aws:s3:::${cluster.bucket}/bootstrap.ign, so the bootstrap instance can't read its ignition config`,
      // The emulated S3 denies everyone the access that a policy denies to one role.
      Array.from({ length: 2 }, () => ["ignition", expect.stringMatching(/could not be read: status 403$/) as string]),
    );
  });

  test("names an expired certificate", async () => {
    const now = new Date();
    const old = await makeCertificate("api", now, -3, -2);
    const files = { ...cluster.ignitionFiles, "/opt/openshift/tls/api.crt": old.certificate };
    await cluster.putIgnition(ignitionWith(files));
    const [finding, ...others] = await diagnose(target, { at: now });
    await cluster.putIgnition(ignitionWith(cluster.ignitionFiles));
    expect(others).toEqual([]);
    expect(finding.layer).toBe("certificates");
    const expiry = new Date(Math.floor((now.getTime() - 2 * 24 * 60 * 60_000) / 1000) * 1000).toISOString();
    expect(finding.problem).toBe(
      `s3://${cluster.bucket}/bootstrap.ign contains a certificate not valid at ${now.toISOString()}: /opt/openshift/tls/api.crt (CN=api) expired on ${expiry}`,
    );
  });

  test("names the private subnet whose default route was deleted", () => {
    const route = { RouteTableId: cluster.privateSubnet.table, DestinationCidrBlock: "0.0.0.0/0" };
    return expectCause(
      () => at.ec2.send(new DeleteRouteCommand(route)),
      () => at.ec2.send(new CreateRouteCommand({ ...route, NatGatewayId: cluster.natGateway })),
      "route",
      `subnet ${cluster.privateSubnet.id} (${cluster.privateSubnet.table}) has no default route, so its instances can't pull the release's images`,
    );
  });

  test("names a control plane node that was deregistered", () => {
    const { targetGroup: TargetGroupArn } = cluster.services.aint;
    const deregistered = { TargetGroupArn, Targets: [{ Id: cluster.master.address, Port: 6443 }] };
    return expectCause(
      () => at.balancing.send(new DeregisterTargetsCommand(deregistered)),
      () => at.balancing.send(new RegisterTargetsCommand(deregistered)),
      "load balancer",
      `master-0 (${cluster.master.id}) isn't registered in target group dev-abcde-aint as ${cluster.master.address}:6443`,
    );
  });

  test("names a deleted listener", () => {
    const { listener: ListenerArn, listenerInput } = cluster.services.sint;
    return expectCause(
      () => at.balancing.send(new DeleteListenerCommand({ ListenerArn })),
      () => at.balancing.send(new CreateListenerCommand(listenerInput)),
      "load balancer",
      "load balancer dev-abcde-int has no listener on port 22623",
    );
  });

  test("names the stopped host of the registry if the nodes pull only from this registry", async () => {
    const bucket = `${builtInfraId}-assets`;
    const ports = { IpProtocol: "tcp", FromPort: 5000, ToPort: 5000, IpRanges: [{ CidrIp: machineCidr }] };
    await at.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: cluster.groups.bootstrap, IpPermissions: [ports] }));
    const host = await cluster.machine("installer-host", cluster.publicSubnet.id, [cluster.groups.bootstrap], "");
    await cluster.change(cluster.privateZone, "CREATE", {
      ...{ Name: `registry.${clusterDomain}`, Type: "A", TTL: 60 },
      ResourceRecords: [{ Value: host.address }],
    });
    await at.storage.send(new CreateBucketCommand({ Bucket: bucket }));
    const Body = `healthy 2026-03-01T11:00:00Z ${host.id}\n\n`;
    await at.storage.send(new PutObjectCommand({ Bucket: bucket, Key: healthKey, Body }));
    const restricted = { ...target, needsRegistry: true };
    expect(await diagnose(restricted)).toEqual([]);
    await at.ec2.send(new StopInstancesCommand({ InstanceIds: [host.id] }));
    const found = await diagnose(restricted);
    expect(found.map(({ layer, problem }) => [layer, problem])).toEqual([
      ["registry", expect.stringMatching(`^installer host ${host.id} is stopped`)],
    ]);
    expect(await diagnose(target)).toEqual([]);
    await at.ec2.send(new TerminateInstancesCommand({ InstanceIds: [host.id] }));
  });

  test("saves the evidence in an archive that only its owner can read, without secrets", async () => {
    const sshKey = (await makeCertificate("core", new Date())).key;
    const password = "abcde-fghij-klmno-pqrst";
    const events = [
      { metadata: { namespace: "openshift-etcd", name: "one" }, message: `started with password=${password}` },
      { metadata: { namespace: "openshift-etcd", name: "two" }, message: `key ${sshKey}` },
      { metadata: { namespace: "shop", name: "three" }, message: "somebody else's affair" },
    ];
    const requests = [{ metadata: { name: "csr-1" }, spec: { username: "system:node:a", request: "bytes-of-the-request" } }];
    const api = await startFakeApi({
      "/readyz": "ok",
      "/api/v1/nodes": { items: [{ metadata: { name: "node-1" } }] },
      "/api/v1/events": { items: events },
      "/apis/certificates.k8s.io/v1/certificatesigningrequests": { items: requests },
    });
    try {
      const installing = { ...target, kubeconfig: api.kubeconfig, sshPrivateKey: sshKey };
      const archive = await gather(installing, join(directory, "evidence"));
      expect(statSync(archive).mode & 0o777).toBe(0o600);
      expect(archive).toMatch(/\/evidence\/dev-[0-9TZ-]+\.tar\.gz$/);
      const unpacked = mkdtempSync(join(directory, "unpacked-"));
      await extract({ file: archive, cwd: unpacked, strip: 1 });
      const files = (readdirSync(unpacked, { recursive: true }) as string[]).filter((file) => statSync(join(unpacked, file)).isFile());
      const names = ["bootstrap.txt", "aws.json", "dns.json", "findings.json", "findings.txt", "target-health.json"];
      expect(files).toEqual(expect.arrayContaining([...names, "cluster/nodes.json", "cluster/events.json", "cluster/readyz.txt"]));
      expect(files.filter((file) => file.startsWith("console/")).length).toBeGreaterThanOrEqual(3);
      const everything = files.map((file) => readFileSync(join(unpacked, file), "utf8")).join("\n");
      for (const there of ["node-1", "csr-1", "system:node:a", cluster.master.id, "started with password=[redacted]", "SHA-256"]) {
        expect(everything).toContain(there);
      }
      const secrets = [password, sshKey, ...lines(sshKey), api.kubeconfig, ...lines(api.key), Buffer.from(api.key).toString("base64")];
      for (const gone of [...secrets, "bytes-of-the-request", "somebody else's affair", "PRIVATE KEY", "config/master"]) {
        expect(everything).not.toContain(gone);
      }
      expect(readdirSync(tmpdir()).filter((file) => /^okd-aws-(evidence|gather)-/.test(file))).toEqual([]);
    } finally {
      await api.close();
    }
  });

  test("reports each part that it cannot read, and no other problem", async () => {
    await aws?.stop();
    const begin = Date.now();
    const found = await diagnose(target);
    expect(Date.now() - begin).toBeLessThan(45_000);
    expect(found.length).toBeGreaterThan(3);
    expect(found.filter(({ problem }) => !problem.includes(" could not be read: "))).toEqual([]);
  });
});

/** The lines of a key that would reveal a part of the key. */
function lines(pem: string): string[] {
  return pem.split("\n").filter((line) => line.length > 20 && !line.startsWith("-----"));
}
