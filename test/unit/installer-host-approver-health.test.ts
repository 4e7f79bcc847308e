/** What `okd-health` says of the certificate approver, by the status file that the approver writes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type HostHealth, reasonOfService } from "../../ignition/installer-host/health";
import { StubHost } from "./installer-host-fixture";

let host: StubHost;

beforeEach(() => {
  host = new StubHost();
  mkdirSync(join(host.etc, "client"));
  for (const role of ["push", "pull"]) writeFileSync(join(host.etc, "client", `curl-${role}.conf`), "user = x\n");
  for (const program of ["oc", "openshift-install", "oc-mirror", ".okd-tools"])
    writeFileSync(join(host.tools, program), "", { mode: 0o755 });
  host.stub("curl", "");
  host.stub("okd-metadata", "echo 10.0.0.9");
});

afterEach(async () => {
  await host.close();
});

/** Seconds since 1970. */
const now = () => Math.floor(Date.now() / 1000);

function health(what: string, status?: string) {
  const file = join(host.root, "status");
  if (status !== undefined) writeFileSync(file, status);
  const places = { CONFIGURATION: host.etc, REGISTRY: "registry.example.com:5000", TOOL_DIRECTORY: host.tools, APPROVER_STATUS: file };
  return host.run("health", places, [what, "0"]);
}

const line = (reason: string) =>
  `the certificate approver is not ready in time: ${reason}. "journalctl --unit certificate-approver" says more.\n`;

test.each(["working", "waiting"])("a host is healthy whose approver is %s", async (state) => {
  expect(await health("all", `${now()} ${state}\n\n`)).toMatchObject({ status: 0, stderr: "" });
});

test.each([
  ["has not started", undefined, "it has not started yet"],
  ["can't reach EC2", `${now()} failing\nEC2 gives no answer: not authorized\n`, "EC2 gives no answer: not authorized"],
  ["hangs", "1764000000 working\n\n", "it has said nothing since 2025-11-24T16:00:00Z"],
  ["has not written to the end", `${now()} working`, `STATUS can't be read`],
])("a host is not healthy whose approver %s", async (_, status, reason) => {
  const { status: code, stderr } = await health("all", status);
  expect([code, stderr.replace(join(host.root, "status"), "STATUS")]).toEqual([1, line(reason)]);
});

test("what is asked before there is a cluster, and by the mirroring, is about registry and tools alone", async () => {
  for (const what of ["push", "pull", "tools"]) expect(await health(what)).toMatchObject({ status: 0, stderr: "" });
});

test("every service that is not ready is told, and found by its unit", async () => {
  host.stub("curl", "echo refused; exit 7");
  const { stderr } = await health("all", `${now()} failing\nit fails\n`);
  const published: HostHealth = { state: "unhealthy", time: "", instanceId: "i-1", reason: stderr };
  for (const role of ["push", "pull"] as const) expect(reasonOfService(published, `okd-registry-${role}`)).toContain("refused");
  expect(reasonOfService(published, "certificate-approver")).toContain("it fails");
  expect(reasonOfService(published, "okd-tools")).toBeUndefined();
});
