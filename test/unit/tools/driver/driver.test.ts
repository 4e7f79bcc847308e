import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readArguments } from "../../../../tools/driver/cli";
import { durationText, jsonDisplay, liveDisplay, phaseLine, plainDisplay } from "../../../../tools/driver/display";
import { lockHolders } from "../../../../tools/driver/interrupted";
import { phaseOf } from "../../../../tools/driver/phases";
import { plannedChangesByPhase, UpdateProgress } from "../../../../tools/driver/progress";

const urn = (resource: string): string => `urn:pulumi:dev::okd-aws::${resource}`;
const vpc = urn("okd:network:NewNetwork$aws:ec2/vpc:Vpc::network-vpc");
const master = urn("okd:machines:MachinePool$aws:ec2/instance:Instance::masters-0");

function step(kind: "resourcePreEvent" | "resOutputsEvent" | "resOpFailedEvent", of: string, op: OpType = "create"): EngineEvent {
  const type = of.split("::")[2]?.split("$").at(-1) ?? "";
  return { sequence: 0, timestamp: 0, [kind]: { metadata: { op, urn: of, type, provider: "" } } };
}

function problem(message: string, of: string | undefined, severity: "error" | "info" = "error"): EngineEvent {
  return { sequence: 0, timestamp: 0, diagnosticEvent: { ...(of && { urn: of }), message, color: "raw", severity } };
}

describe("the phases of an update", () => {
  test.each([
    ["okd:network:NewNetwork$aws:ec2/natGateway:NatGateway::network-nat-us-east-1a", "network"],
    [
      "okd:network:SecurityGroups$aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::security-groups-masters-from-admins-tcp-22",
      "network",
    ],
    ["okd:network:LoadBalancers$aws:lb/listener:Listener::load-balancers-aext", "load balancers"],
    ["okd:network:ApiRecords$aws:route53/record:Record::api-records-api-public", "DNS"],
    ["okd:network:PrivateZone$aws:route53/zone:Zone::private-zone", "DNS"],
    ["okd:iam:MachineRole$aws:iam/role:Role::master-role-role", "IAM"],
    ["okd:credentials:CloudCredentials$okd:credentials:TokenIssuer$aws:s3/bucket:Bucket::cloud-credentials-issuer-bucket", "IAM"],
    ["okd:machines:Bootstrap$okd:iam:MachineRole$aws:iam/role:Role::bootstrap-role-role", "bootstrap"],
    ["okd:machines:Bootstrap$aws:lb/targetGroupAttachment:TargetGroupAttachment::load-balancers-aext-bootstrap", "bootstrap"],
    ["okd:machines:MachinePool$aws:lb/targetGroupAttachment:TargetGroupAttachment::load-balancers-aext-master-0", "machines"],
    ["okd:machines:MachinePool$aws:ec2/instance:Instance::masters-0", "machines"],
    ["okd:installer:Installation$command:local:Command::installation-manifests", "installer"],
    ["command:local:Command::installer-host-health", "installation"],
    ["okd:installer:InstallerHost$command:remote:Command::installer-host-health", "installer"],
    ["okd:cleanup:Cleanup$command:local:Command::cleanup", "cleanup"],
    ["pulumi-nodejs:dynamic/okd:ClusterIdentity::cluster", "identity"],
    ["kubernetes:core/v1:ConfigMap::motd", "platform"],
    ["command:local:Command::anything", "other"],
  ])("put the resource %s into the phase %s", (resource, phase) => {
    expect(phaseOf(urn(resource))).toBe(phase);
  });

  test("include each resource of the dev stack", () => {
    const urns = readFileSync(join(__dirname, "../../../golden/dev-urns.txt"), "utf8").trim().split("\n");
    expect(urns.length).toBeGreaterThan(100);
    expect(urns.filter((each) => phaseOf(each) === "other" && !/pulumi:(pulumi:Stack|providers)/.test(each))).toEqual([]);
  });
});

describe("the progress of an update", () => {
  test("begins a phase with its first change and ends it with the last planned one", () => {
    let now = 0;
    const plan = plannedChangesByPhase([
      step("resourcePreEvent", vpc),
      step("resourcePreEvent", master),
      step("resourcePreEvent", urn("pulumi:providers:aws::default")),
      step("resourcePreEvent", urn("aws:ec2/subnet:Subnet::old"), "same"),
    ]);
    expect([...plan]).toEqual([
      ["network", 1],
      ["machines", 1],
    ]);
    const progress = new UpdateProgress(plan, () => now);
    expect(progress.observe(step("resourcePreEvent", vpc)).map(({ event }) => event)).toEqual(["phase-started", "resource"]);
    now = 2500;
    expect(progress.observe(step("resOutputsEvent", vpc))).toContainEqual({
      event: "phase-ended",
      phase: "network",
      elapsedMs: 2500,
      changes: 1,
      failed: 0,
    });
    expect(progress.end()).toEqual([]);
  });

  test("counts a failed resource as failed, and ends an incomplete phase when the update ends", () => {
    const progress = new UpdateProgress(new Map([["machines", 2]]), () => 7000);
    progress.observe(step("resourcePreEvent", master));
    progress.observe(step("resOpFailedEvent", master));
    expect(progress.phases).toMatchObject([{ phase: "machines", done: 0, failed: 1 }]);
    expect(progress.end()).toMatchObject([{ event: "phase-ended", changes: 0, failed: 1 }]);
  });

  test("counts neither resources that are unchanged or only read, nor the summary of a replacement", () => {
    const progress = new UpdateProgress(new Map(), () => 0);
    for (const op of ["same", "read", "replace"] as const) expect(progress.observe(step("resOutputsEvent", vpc, op))).toEqual([]);
    expect(progress.phases).toEqual([]);
  });

  test("has each error once, without the Pulumi engine's color marks", () => {
    const progress = new UpdateProgress(new Map(), () => 0);
    const said = "<{%reset%}>no such image\u001b[0m\n";
    expect(progress.observe(problem(said, master))).toEqual([{ event: "error", urn: master, message: "no such image" }]);
    expect(progress.observe(problem(said, master))).toEqual([]);
    expect(progress.observe(problem("creating…", master, "info"))).toEqual([]);
    expect(progress.failures).toEqual([{ urn: master, message: "no such image" }]);
  });

  test("leaves out repetitions of an error: the Pulumi engine's last line and the provider's log", () => {
    const progress = new UpdateProgress(new Map(), () => 0);
    const error = "1 error occurred:\n\t* creating EC2 VPC: api error VpcLimitExceeded: The maximum number of VPCs has been reached.";
    progress.observe(
      problem("sdk-v2/provider2.go:572: sdk.helper_schema: creating EC2 VPC: api error VpcLimitExceeded: …: provider=aws@7.22.0", vpc),
    );
    progress.observe(problem(error, vpc));
    progress.observe(problem("update failed", undefined));
    expect(progress.failures).toEqual([{ urn: vpc, message: error }]);
    const alone = new UpdateProgress(new Map(), () => 0);
    alone.observe(problem("sdk-v2/provider2.go:572: the only one", vpc));
    alone.observe(problem("destroy failed", undefined));
    expect(alone.failures).toEqual([{ urn: vpc, message: "sdk-v2/provider2.go:572: the only one" }]);
  });

  test("counts the refusal of a mandatory policy as an error, but not the warning of a policy", () => {
    const progress = new UpdateProgress(new Map(), () => 0);
    const violation = (enforcementLevel: "mandatory" | "warning") =>
      ({
        policyEvent: { resourceUrn: master, policyName: "encryption", message: "<{%reset%}>isn't encrypted\n", enforcementLevel },
      }) as EngineEvent;
    expect(progress.observe(violation("warning"))).toEqual([]);
    const message = "refused by the policy encryption: isn't encrypted";
    expect(progress.observe(violation("mandatory"))).toEqual([{ event: "error", urn: master, message }]);
    expect(progress.failures).toEqual([{ urn: master, message }]);
  });
});

describe("the display of the progress", () => {
  const progress = () => {
    const made = new UpdateProgress(new Map([["network", 1]]), () => 3000);
    return { made, happenings: [...made.observe(step("resourcePreEvent", vpc)), ...made.observe(step("resOutputsEvent", vpc))] };
  };
  const shown = (display: typeof plainDisplay): string => {
    let text = "";
    const { made, happenings } = progress();
    const on = display({ columns: 40, write: (part) => (text += part) });
    on.show(happenings, made.phases, 3000);
    on.show([], made.phases, 4000);
    return text;
  };

  test("has one line in a log for the begin and one for the end of each phase", () => {
    expect(shown(plainDisplay)).toBe("[     3s] network\n[     3s] network: 1 change in 0s\n");
  });

  test("has one line on a terminal for each phase, which is redrawn and fits the terminal's width", () => {
    const [first = "", second = ""] = shown(liveDisplay).split("\u001b[1A\u001b[J");
    expect(first).toBe("done   network              1/1      0s\n");
    expect(second).toBe(first);
    expect(first.trimEnd().length).toBeLessThan(40);
  });

  test("has JSON lines with the time since the start if its output is for programs", () => {
    const events = shown(jsonDisplay)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { atMs: number; event: string });
    expect(events.map(({ atMs, event }) => [atMs, event])).toEqual([
      [3000, "phase-started"],
      [3000, "resource"],
      [3000, "resource"],
      [3000, "phase-ended"],
    ]);
  });

  test("has the resources in progress, and the number of others", () => {
    const running = new Set(["a", "b", "c", "d"]);
    expect(phaseLine({ phase: "machines", started: 1000, planned: undefined, done: 3, failed: 0, running }, 66_000)).toMatch(
      /^\.\.\. +machines +3 +1m05s {2}a, b and 2 more$/,
    );
  });

  test.each([
    [400, "0s"],
    [59_400, "59s"],
    [59_600, "1m00s"],
    [3_725_000, "62m05s"],
  ])("shows %d ms as %s", (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
  });
});

describe("the arguments of make up and make destroy", () => {
  test.each([
    [[], /the command is missing: up, destroy or rebuild/],
    [["upp", "--stack", "dev"], /not upp/],
    [["up", "--yes"], /the stack is missing/],
    [["up", "--stack", "dev"], /nobody can be asked/],
    [["up", "--stack", "dev", "--yes", "--confirm", "dev"], /--confirm is for destroy/],
    [["destroy", "--stack", "dev", "--preview-only"], /--preview-only is for up/],
    [["up", "--stack", "dev", "--force"], /--force/],
    [["rebuild", "--stack", "dev", "--backups", "delete"], /--backups is for destroy/],
    [["destroy", "--stack", "dev", "--backups", "yes"], /must be delete, not yes/],
    [["destroy", "--stack", "dev", "--infra-id", "dev-a1b2c"], /INFRA_ID \(--infra-id\) is for destroy with BACKUPS=delete/],
  ])("are refused if they are %j", (args, reason) => {
    expect(readArguments(args, false)).toMatch(reason);
  });

  test("are parsed", () => {
    expect(readArguments(["up", "--stack", "dev"], true)).toMatchObject({ command: "up", stack: "dev", yes: false });
    const destroy = ["destroy", "--stack", "dev", "--confirm", "x"];
    expect(readArguments(destroy, false)).toMatchObject({ command: "destroy", confirm: "x", deleteBackups: false });
    expect(readArguments([...destroy, "--backups", "delete"], false)).toMatchObject({ deleteBackups: true });
  });
});

test("the holder of a lock is parsed only from the Pulumi engine's refusal, and listed only once", () => {
  const line = "file:///state/.pulumi/locks/organization/p/dev/1.json: created by me@host-1 (pid 4711) at 2026-01-01T00:00:00Z";
  const refusal = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.\n  ${line}`;
  expect(lockHolders(new Error(`${refusal}\n${refusal}`))).toEqual([{ user: "me", host: "host-1", pid: 4711, at: Date.UTC(2026, 0, 1) }]);
  expect(lockHolders(new Error(`some text, created by me@host-1 (pid 4711)`))).toEqual([]);
});
