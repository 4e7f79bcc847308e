import { runChecks } from "../../../../../steps/diagnosis/diagnose";
import type { CertificateSigningRequest } from "../../../../../steps/diagnosis/read/cluster";
import { refusedRequests } from "../../../../../steps/diagnosis/read/refused-requests";
import { clientRequest, servingRequest } from "../../certificate-approver/certificate-requests";
import { at, goodScene, type Scene } from "../scene";
import { machineIn, must } from "../scene-parts";

const host = "ip-10-0-16-6";
const created = "2026-03-01T11:00:00Z";

/** Healthy evidence with these certificate requests. The worker was launched `seconds` ago; the VPC's domain is corp.example.com. */
async function scene(seconds: number, requests: readonly CertificateSigningRequest[]): Promise<Scene> {
  const made = await goodScene();
  Object.assign(machineIn(made, "worker-0").instance, {
    PrivateDnsName: `${host}.ec2.internal`,
    LaunchTime: new Date(at.getTime() - seconds * 1000),
    Tags: [{ Key: "kubernetes.io/cluster/dev-abcde", Value: "shared" }],
  });
  must(made.evidence.network).domains = ["corp.example.com"];
  must(made.evidence.cluster).requests = structuredClone(requests) as never;
  return made;
}

/** A certificate request as a CertificateSigningRequest object. */
async function asked(name: string, making: ReturnType<typeof clientRequest>, status = {}): Promise<CertificateSigningRequest> {
  const { signerName, username, groups, usages, request = "" } = await making;
  return { metadata: { name, creationTimestamp: created }, spec: { signerName, username, groups, usages, request }, status };
}

async function refused({ target, evidence }: Scene) {
  const found = await refusedRequests(target, must(evidence.cluster), evidence.machines, evidence.network, at);
  return found.map(({ name, reason }) => [name, reason]);
}

const approved = { conditions: [{ type: "Approved" }] };

test("the diagnosis computes which requests the approver refuses, and why, without asking it", async () => {
  const requests = [
    ...(await Promise.all([
      asked("good", clientRequest(`${host}.corp.example.com`)),
      asked("stranger", clientRequest("ip-10-9-9-9.corp.example.com")),
      asked("decided", clientRequest("ip-10-9-9-9.corp.example.com"), approved),
      asked("foreign", servingRequest(`${host}.corp.example.com`, [{ type: "dns", value: "api.dev.example.com" }])),
      asked("renewal", renewal()),
    ])),
    { metadata: { name: "other" }, spec: { signerName: "kubernetes.io/kube-apiserver-client" } },
  ];
  expect(await refused(await scene(600, requests))).toEqual([
    ["stranger", "NoSuchMachine"],
    ["foreign", "ForeignName"],
  ]);
  expect(await refused(await scene(7300, requests.slice(0, 1)))).toEqual([["good", "MachineTooOld"]]);
});

test("a refused request is reported as the cause, not as a missing approver", async () => {
  const made = await scene(7300, [await asked("csr-old", clientRequest(`${host}.corp.example.com`))]);
  const { target, evidence } = made;
  evidence.refused = await refusedRequests(target, must(evidence.cluster), evidence.machines, evidence.network, at);
  expect(runChecks(target, evidence)).toMatchObject([
    {
      layer: "certificate approver",
      problem: expect.stringMatching(
        /refuses the CSR csr-old \(MachineTooOld\): worker-0 \(i-worker-0\) was launched 7300 s ago/,
      ) as string,
      remedy: expect.stringContaining("oc adm certificate approve csr-old") as string,
    },
  ]);
});

test("without an approver or a list of instances, no request is reported as refused", async () => {
  const made = await scene(7300, [await asked("csr-old", clientRequest(`${host}.corp.example.com`))]);
  const { target, evidence } = made;
  const cluster = must(evidence.cluster);
  expect(await refusedRequests({ ...target, hasApprover: false }, cluster, evidence.machines, evidence.network, at)).toEqual([]);
  expect(await refusedRequests(target, cluster, undefined, evidence.network, at)).toEqual([]);
  expect(await refusedRequests(target, cluster, evidence.machines, undefined, at)).toEqual([]);
});

/** A node's renewal of its client certificate, which another approver answers. */
async function renewal() {
  const node = `${host}.corp.example.com`;
  return { ...(await clientRequest(node)), username: `system:node:${node}`, groups: ["system:nodes", "system:authenticated"] };
}
