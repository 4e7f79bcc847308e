/** `okd-health` reads the status file of the certificate approver, and reports the approver's health. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type PublishedHealth, reasonOfService } from "../../../../ignition/installer-host/health";
import { StubHost } from "./fixture";

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

const statusFile = () => join(host.root, "status");

function health(what: string, status?: string) {
  const file = statusFile();
  if (status !== undefined) writeFileSync(file, status);
  const places = { CONFIGURATION: host.etc, REGISTRY: "registry.example.com:5000", TOOL_DIRECTORY: host.tools, APPROVER_STATUS: file };
  return host.run("health", places, [what, "0"]);
}

const line = (reason: string) =>
  `the certificate approver is not ready in time: ${reason}. "journalctl --unit certificate-approver" says more.\n`;

test.each(["working", "waiting"])("the host is healthy while its approver is %s", async (state) => {
  expect(await health("all", `${now()} ${state}\n\n`)).toMatchObject({ status: 0, stderr: "" });
});

const oddText = "STATUS is not in the approver's format: find out which program wrote the file";

test.each([
  ["has not started", undefined, "it has not started yet"],
  ["can't reach EC2", `${now()} failing\nEC2 gives no answer: not authorized\n`, "EC2 gives no answer: not authorized"],
  ["hangs", "1764000000 working\n\n", "it has written no status since 2025-11-24T16:00:00Z"],
  ["has written only a part of its status", `${now()} working`, oddText],
  [
    "reports a time in the future",
    "99999999999 working\n\n",
    "it claims to have written STATUS at 5138-11-16T09:46:39Z, which is in the future",
  ],
  ["reports a time that bash would read as octal", "0999 working\n\n", oddText],
  ["reports a state that does not exist", `${now()} fine\n\n`, oddText],
  ["writes more than its status", `${now()} working\n${"x".repeat(100_000)}\n`, oddText],
  [
    "writes a text that could be taken for another service's report",
    `${now()} failing\n"journalctl --unit okd-tools"\u001B[2J\n`,
    "'journalctl --unit okd-tools'[2J",
  ],
])("the host is unhealthy if its approver %s", async (_, status, reason) => {
  const { status: code, stderr } = await health("all", status);
  expect([code, stderr.replaceAll(statusFile(), "STATUS")]).toEqual([1, line(reason)]);
});

// The approver runs in a confined container, but root reads the file that it writes. So the file must not make root run a command.
test.each(["BASH_VERSINFO[$(touch ROOT/ran)0]", "time[$(touch${IFS}ROOT/ran)0]", "SECONDS[`touch ROOT/ran`]", "x=y", "16#ff", "-1", "1e9"])(
  "bash does not evaluate the time %s in the approver's status",
  async (time) => {
    const { status, stderr } = await health("all", `${time.replace("ROOT", host.root)} working\n\n`);
    const ran = existsSync(join(host.root, "ran")) ? "its command ran" : "";
    expect([status, stderr.replaceAll(statusFile(), "STATUS"), ran]).toEqual([1, line(oddText), ""]);
  },
);

test("the approver's status is not read if the file is a symbolic link or a named pipe", async () => {
  const secret = join(host.root, "secret");
  writeFileSync(secret, `${now()} failing\na text for root alone\n`);
  symlinkSync(secret, statusFile());
  const linked = await health("all");
  expect(linked.stderr).toContain("STATUS is not a file: find out who created it".replace("STATUS", statusFile()));
  expect(linked.stderr).not.toContain("a text for root alone");
  execFileSync("bash", ["-c", 'rm "$1" && mkfifo "$1"', "bash", statusFile()]);
  expect((await health("all")).stderr).toContain("is not a file");
});

test("the health checks of the registries and of the tools succeed without an approver", async () => {
  for (const what of ["push", "pull", "tools"]) expect(await health(what)).toMatchObject({ status: 0, stderr: "" });
});

test("the host's health has a reason for each service that is not ready, under the name of its unit", async () => {
  host.stub("curl", "echo refused; exit 7");
  const { stderr } = await health("all", `${now()} failing\nit fails\n`);
  const published: PublishedHealth = { state: "unhealthy", time: "", instanceId: "i-1", reason: stderr };
  for (const role of ["push", "pull"] as const) expect(reasonOfService(published, `okd-registry-${role}`)).toContain("refused");
  expect(reasonOfService(published, "certificate-approver")).toContain("it fails");
  expect(reasonOfService(published, "okd-tools")).toBeUndefined();
});
