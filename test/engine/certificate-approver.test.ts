import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AssociateDhcpOptionsCommand,
  CreateDhcpOptionsCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { projectDirectory } from "@okd-aws/sandbox";
import { declareRoutes, type EmulatedAws, startAws } from "@okd-aws/sandbox/aws";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { approverToken } from "../../cluster-objects/certificate-approver/account";
import { approverKubeconfig } from "../../ignition/certificate-approver";
import { clientConfiguration } from "../../lib/aws/client";
import { bundleCertificateApprover, makeBundle } from "../../steps/certificate-approver/bundle";
import type { ApproverConfigurationInput } from "../../steps/certificate-approver/configuration";
import type { CertificateRequest } from "../../steps/certificate-approver/request";
import { approverHeartbeat } from "../../cluster-objects/certificate-approver/heartbeat";
import { withInternalServerName } from "../../lib/kubernetes/kubeconfig";
import { makeServerCertificate } from "../certificates";
import { clientRequest, servingRequest } from "../unit/steps/certificate-approver/certificate-requests";
import { type NodeInstance, makeApproverAccount, makeBootstrapper } from "./approver-accounts";
import { KubeApi } from "./kube-api";
import type { Identity } from "./kube-client";
import { describeWithTools } from "./requirements";
import { type ApproverLogLine, RunningApprover } from "./running-approver";

const infraId = "demo-x7k2p";
const domain = "demo.example.com";
const host = `api.${domain}`;
const certificates = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

/** Runs the shipped program against the emulated EC2 and a real API server, through a proxy as on the installer host. */
describeWithTools("the certificate approver", () => {
  const directory = mkdtempSync(join(tmpdir(), "certificate-approver-"));
  const file = (name: string): string => join(directory, name);
  let aws: EmulatedAws | undefined;
  let kube: KubeApi;
  let ec2: EC2Client;
  let vpcId: string;
  const approver = new RunningApprover(directory);
  const { log } = approver;
  let machines: Readonly<Record<"worker" | "other" | "late" | "foreign" | "elsewhere" | "bootstrap" | "gone" | "domained", NodeInstance>>;
  let token: string;

  beforeAll(async () => {
    const { tools } = await ensureToolchain(["moto", "etcd", "kube-apiserver", "kube-controller-manager"]);
    const image = { id: "ami-0123456789abcdef0", name: "scos-9.0-x86_64", architecture: "x86_64" as const, owner: "531415883065" };
    aws = await startAws({ directory: file("aws"), python: tools.moto, seed: { images: { "us-east-1": [image] }, zones: [] } });
    Object.assign(process.env, aws.environment);
    ec2 = new EC2Client(clientConfiguration("us-east-1"));
    // As with the key apiCertificate: `api` has a certificate of another CA, which the cluster's own kubeconfig does not contain.
    const named = await makeServerCertificate([host]);
    writeFileSync(file("named.crt"), named.chain);
    writeFileSync(file("named.key"), named.key, { mode: 0o600 });
    const serverArguments = [`--tls-sni-cert-key=${file("named.crt")},${file("named.key")}:${host}`];
    kube = await KubeApi.start({ directory: file("kube"), tools, name: `api-int.${domain}`, serverArguments });
    declareRoutes(aws.directory, "kube", [{ name: host, target: `127.0.0.1:${kube.port}` }]);
    machines = await makeMachines();
    await makeBootstrapper(kube);
  });

  afterAll(async () => {
    approver.kill();
    // Stops everything that started before a failure, too.
    await (kube as KubeApi | undefined)?.stop();
    await aws?.stop();
    rmSync(directory, { recursive: true });
  });

  it("is bundled into one file whose bytes depend only on its sources", async () => {
    const [one, another] = [await makeBundle(), await makeBundle()];
    expect(one).toBe(another);
    const { path, sha256 } = await bundleCertificateApprover();
    expect(readFileSync(join(projectDirectory, path), "utf8")).toBe(one);
    expect(sha256).toBe(createHash("sha256").update(one).digest("hex"));
    console.log(`the approver's bundle: ${(one.length / 1e6).toFixed(2)} MB`);
    writeFileSync(file("approver.js"), one);
  });

  it("explains wrong arguments and a wrong configuration", async () => {
    writeFileSync(file("bad.json"), JSON.stringify({ infraId, region: "us-east-1", kubeConfig: "x" }));
    for (const [args, message] of [
      [[], "--config is missing"],
      [["--once"], "--once"],
      [["--config", file("none.json")], "none.json can't be read"],
      [["--config", file("bad.json")], "kubeConfig"],
    ] as const) {
      const { code, stderr } = await approver.runToEnd([...args]);
      expect({ code, named: stderr.includes(message) }).toEqual({ code: 2, named: true });
    }
    expect(await approver.runToEnd(["--help"])).toMatchObject({ code: 0, stderr: "" });
  });

  it("waits for its kubeconfig, then works under its own account, with any certificate of `api`", async () => {
    startApprover({});
    await approver.logged({ event: "waiting" });
    expect(await approver.status("waiting")).toContain("there is no kubeconfig yet");
    token = await makeApproverAccount(kube, directory);
    const admin = kube.adminKubeconfig(`https://${host}:6443`);
    writeFileSync(file("kubeconfig"), approverKubeconfig(withInternalServerName(admin, domain), token), { mode: 0o600 });
    await approver.logged({ event: "connected" });
    expect(log.filter(({ event }) => event === "waiting")).toHaveLength(1);
    expect(await approver.status("working")).toBe("");
  });

  it("approves correct requests", async () => {
    const { worker } = machines;
    const client = await submit("good-client", await clientRequest(worker.node));
    expect(await conditionOf(client)).toMatchObject({ type: "Approved", reason: "MachineVerified" });
    expect(await approver.logged({ event: "approved", request: client })).toMatchObject({ node: worker.node });
    await kube.must("POST", "/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name: worker.node } });
    const serving = await submit("good-serving", await servingRequest(worker.node, ownNames(worker)));
    expect(await conditionOf(serving)).toMatchObject({ type: "Approved", reason: "MachineVerified" });
  });

  it("approves an instance by the name that the VPC's DHCP options give it, and only once", async () => {
    const { domained } = machines;
    const node = domained.node.replace(/\..*/, ".corp.example.com");
    const client = await submit("domain-client", await clientRequest(node));
    expect(await conditionOf(client)).toMatchObject({ type: "Approved", reason: "MachineVerified" });
    await kube.must("POST", "/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name: node } });
    for (const [name, dns] of [
      ["domain-serving-first", node],
      ["domain-serving", domained.node],
    ]) {
      const asked = ownNames({ ...domained, node: dns });
      expect(await conditionOf(await submit(name, await servingRequest(node, asked)))).toMatchObject({ type: "Approved" });
    }
    await submit("domain-twice", await clientRequest(domained.node));
    expect(await approver.logged({ event: "refused", request: "domain-twice" })).toMatchObject({ reason: "NodeExists" });
  });

  it("renews its Lease if the cluster has one", async () => {
    const { lease, role, binding } = approverHeartbeat();
    const { namespace, name } = lease.metadata;
    await kube.must("POST", `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`, role);
    await kube.must("POST", `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, binding);
    const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
    await kube.must("POST", leases, lease);
    await approver.within("renew its Lease", async () => {
      const { spec } = (await kube.must("GET", `${leases}/${name}`)) as { spec?: { renewTime?: string } };
      return spec?.renewTime;
    });
    expect(log.filter(({ event }) => event === "no-heartbeat")).toEqual([]);
  });

  it("refuses each forged request with its own reason", async () => {
    const { worker, other, foreign, elsewhere, bootstrap, gone } = machines;
    const forged: [string, string, CertificateRequest][] = [
      ["existing-node", "NodeExists", await clientRequest(worker.node)],
      ["other-node", "OtherNode", { ...(await servingRequest(other.node, ownNames(other))), username: `system:node:${worker.node}` }],
      ["foreign-address", "ForeignAddress", await servingRequest(worker.node, [...ownNames(worker), { type: "ip", value: "192.0.2.1" }])],
      ["address-of-another", "ForeignAddress", await servingRequest(worker.node, [{ type: "ip", value: other.address }])],
      ["foreign-name", "ForeignName", await servingRequest(worker.node, [...ownNames(worker), { type: "dns", value: host }])],
      ["extra-usage", "WrongUsages", { ...(await clientRequest(other.node)), usages: ["digital signature", "client auth", "server auth"] }],
      ["extra-organization", "WrongSubject", await clientRequest(other.node, { subject: masters(other.node) })],
      ["other-signer", "WrongSigner", { ...(await clientRequest(other.node)), signerName: "kubernetes.io/kube-apiserver-client" }],
      ["requestor", "WrongRequestor", { ...(await clientRequest(other.node)), username: "system:serviceaccount:default:somebody" }],
      ["groups", "WrongGroups", { ...(await clientRequest(other.node)), groups: ["system:masters"] }],
      [
        "renewal",
        "ClientRenewal",
        { ...(await clientRequest(worker.node)), username: `system:node:${worker.node}`, groups: ["system:nodes"] },
      ],
      ["no-machine", "NoSuchMachine", await clientRequest("ip-10-9-9-9.ec2.internal")],
      ["terminated", "NoSuchMachine", await clientRequest(gone.node)],
      ["other-cluster", "NoSuchMachine", await clientRequest(foreign.node)],
      ["other-vpc", "NoSuchMachine", await clientRequest(elsewhere.node)],
      ["bootstrap-machine", "NotANode", await clientRequest(bootstrap.node)],
      ["no-names", "NoNames", await servingRequest(worker.node, [])],
    ];
    for (const [name, , request] of forged) await submit(name, request);
    // The approver does not even list requests for other signers.
    for (const [name, reason] of forged.filter(([, each]) => each !== "WrongSigner"))
      expect(await approver.logged({ event: "refused", request: name })).toMatchObject({ reason });
    expect(log.filter(({ request }) => request === "other-signer")).toEqual([]);
    // A correct request after the forged requests is approved.
    expect(await conditionOf(await submit("good-after", await clientRequest(other.node)))).toMatchObject({ type: "Approved" });
    for (const [name] of forged) expect((await requestNamed(name)).status.conditions).toBeUndefined();
    expect(log.filter(({ event }) => event === "failed")).toEqual([]);
  });

  it("reconnects when the API server returns, and approves the requests that were made in the meantime", async () => {
    await kube.crash(async () => {
      await approver.logged({ event: "unreachable" });
      expect(await approver.status("failing")).toMatch(/^the cluster's API gives no answer: /);
    });
    expect(await approver.status("working")).toBe("");
    expect(await conditionOf(await submit("good-late", await clientRequest(machines.late.node)))).toMatchObject({ type: "Approved" });
    // Each refusal is logged once, although the approver has looked at the requests in every round since.
    const requests = log.filter(({ event }) => event === "refused").map(({ request }) => request);
    expect(requests).toHaveLength(new Set(requests).size);
  });

  it("stops when it is told to, and refuses instances that are older than its configuration allows", async () => {
    expect(await approver.stop()).toBe(0);
    await kube.must("DELETE", `${certificates}/good-late`);
    startApprover({ oldestMachineSeconds: 1 });
    await submit("too-old", await clientRequest(machines.late.node));
    expect(await approver.logged({ event: "refused", request: "too-old" })).toMatchObject({ reason: "MachineTooOld" });
    expect(await approver.stop()).toBe(0);
    expect(log.at(-1)).toMatchObject({ event: "stopped" });
  });

  it("has an account without other permissions", async () => {
    const may = async (method: string, path: string, body?: unknown) => (await kube.call(method, path, body, { token })).status;
    const approve = async (name: string) => {
      const request = await requestNamed(name);
      const conditions = [{ type: "Approved", status: "True", reason: "Test", message: "test" }];
      return may("PUT", `${certificates}/${name}/approval`, { ...request, status: { conditions } });
    };
    expect(await approve("other-signer")).toBe(403);
    // The same call for the account's own signer succeeds. So the call above failed only because of the signer.
    expect(await approve("too-old")).toBe(200);
    expect(await may("GET", `/api/v1/namespaces/${approverToken.namespace}/secrets/${approverToken.name}`)).toBe(403);
    expect(await may("GET", "/api/v1/secrets")).toBe(403);
    expect(await may("GET", "/api/v1/nodes")).toBe(403);
    expect(await may("GET", `/api/v1/nodes/${machines.worker.node}`)).toBe(200);
    expect(await may("DELETE", `${certificates}/too-old`)).toBe(403);
    expect(await may("DELETE", `/api/v1/nodes/${machines.worker.node}`)).toBe(403);
    const { name, ...spec } = await clientRequest(machines.late.node);
    expect(await may("POST", certificates, { metadata: { name }, spec })).toBe(403);
    expect(await may("PUT", `${certificates}/too-old/status`, await requestNamed("too-old"))).toBe(403);
  });

  it("keeps its token out of its log", () => {
    expect(token.length).toBeGreaterThan(100);
    expect(JSON.stringify(log)).not.toContain(token.split(".")[2]);
  });

  function startApprover(more: Partial<ApproverConfigurationInput>): void {
    const paths = { kubeconfig: file("kubeconfig"), status: file("status") };
    approver.start({ infraId, region: "us-east-1", vpcId, ...paths, notNodes: [`${infraId}-bootstrap`], ...more }, aws?.environment ?? {});
  }

  /** Creates the certificate request as its requestor. */
  async function submit(name: string, { signerName, usages, request, username: user, groups }: CertificateRequest): Promise<string> {
    const body = {
      apiVersion: "certificates.k8s.io/v1",
      kind: "CertificateSigningRequest",
      metadata: { name },
      spec: { signerName, usages, request },
    };
    await kube.must("POST", certificates, body, {
      user,
      groups: groups.filter((group) => group !== "system:authenticated"),
    } satisfies Identity);
    return name;
  }

  async function requestNamed(name: string): Promise<{ status: { conditions?: ApproverLogLine[] } }> {
    return (await kube.must("GET", `${certificates}/${name}`)) as { status: { conditions?: ApproverLogLine[] } };
  }

  async function conditionOf(name: string): Promise<ApproverLogLine> {
    return approver.within(`decide on ${name}`, async () => (await requestNamed(name)).status.conditions?.at(0));
  }

  async function makeMachines(): Promise<typeof machines> {
    const makeSubnet = async (block: string): Promise<{ vpc: string; subnet: string }> => {
      const vpc = (await ec2.send(new CreateVpcCommand({ CidrBlock: `${block}.0.0/16` }))).Vpc?.VpcId ?? "";
      const input = { VpcId: vpc, CidrBlock: `${block}.0.0/24`, AvailabilityZone: "us-east-1a" };
      return { vpc, subnet: (await ec2.send(new CreateSubnetCommand(input))).Subnet?.SubnetId ?? "" };
    };
    const here = await makeSubnet("10.0");
    const there = await makeSubnet("10.1");
    vpcId = here.vpc;
    const DhcpConfigurations = [{ Key: "domain-name", Values: ["Corp.Example.com. corp.internal"] }];
    const { DhcpOptions } = await ec2.send(new CreateDhcpOptionsCommand({ DhcpConfigurations }));
    await ec2.send(new AssociateDhcpOptionsCommand({ DhcpOptionsId: DhcpOptions?.DhcpOptionsId, VpcId: vpcId }));
    const make = async (role: string, subnet = here.subnet, cluster = infraId): Promise<NodeInstance> => {
      const tags = [
        { Key: "Name", Value: `${infraId}-${role}` },
        { Key: `kubernetes.io/cluster/${cluster}`, Value: "shared" },
      ];
      const { Instances: [instance] = [] } = await ec2.send(
        new RunInstancesCommand({
          ImageId: "ami-0123456789abcdef0",
          InstanceType: "m6i.xlarge",
          MinCount: 1,
          MaxCount: 1,
          SubnetId: subnet,
          TagSpecifications: [{ ResourceType: "instance", Tags: tags }],
        }),
      );
      return { id: instance.InstanceId ?? "", node: instance.PrivateDnsName ?? "", address: instance.PrivateIpAddress ?? "" };
    };
    const made = {
      worker: await make("worker-0"),
      other: await make("worker-1"),
      late: await make("worker-2"),
      foreign: await make("worker-3", here.subnet, "other-11111"),
      elsewhere: await make("worker-4", there.subnet),
      bootstrap: await make("bootstrap"),
      gone: await make("worker-5"),
      domained: await make("worker-6"),
    };
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [made.gone.id] }));
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [made.worker.id] }));
    // moto starts instances at once. The approver approves requests of running instances only.
    expect(Reservations[0].Instances?.[0].State?.Name).toBe("running");
    return made;
  }
});

function ownNames({ node, address }: NodeInstance) {
  return [
    { type: "dns" as const, value: node },
    { type: "ip" as const, value: address },
  ];
}

function masters(node: string) {
  return [{ O: ["system:nodes"] }, { O: ["system:masters"] }, { CN: [`system:node:${node}`] }];
}
