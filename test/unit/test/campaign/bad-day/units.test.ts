import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Fault, formatFault, type RecordedCall } from "@okd-aws/sandbox/aws";
import { Report } from "../../../../campaign/bad-day/report";
import { actionsOf, metFaults, permanentFaults, randomFaults } from "../../../../campaign/bad-day/units";

const call = (action: string, client: RecordedCall["client"] = "provider"): RecordedCall => {
  return { time: "t", service: action.split(":")[0], action, region: "us-east-1", status: 200, client };
};

describe("the campaign with AWS faults", () => {
  const directory = mkdtempSync(join(tmpdir(), "bad-day-"));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test("tests each AWS action of the programs under test once, in the order of the first calls", () => {
    const calls = [call("ec2:CreateVpc"), call("ec2:DescribeVpcs", "sandbox"), call("s3:PutObject", "program"), call("ec2:CreateVpc")];
    expect(actionsOf(calls)).toEqual(["ec2:CreateVpc", "s3:PutObject"]);
  });

  test("denies each action and lets the credentials expire, after the faults that only creations have", () => {
    const clients = new Map([["iam:GetRole", "provider" as const]]);
    expect(permanentFaults(["ec2:RunInstances", "iam:GetRole"], clients).map(formatFault)).toEqual([
      "capacity ec2:RunInstances",
      "quota ec2:RunInstances",
      "scp ec2:RunInstances",
      "capacity iam:GetRole",
      "quota iam:GetRole",
      "expired iam:GetRole@provider",
    ]);
  });

  test("lets the credentials of openshift-install expire once", () => {
    const actions = Array.from({ length: 6 }, (_, index) => `ec2:Describe${index}`);
    const clients = new Map(actions.map((action) => [action, "installer" as const]));
    const last = permanentFaults(actions, clients).filter(({ kind }) => kind === "scp" || kind === "expired");
    expect(last.map(formatFault)).toEqual([
      "scp ec2:Describe0",
      "expired ec2:Describe1@installer",
      ...[2, 3, 4, 5].map((index) => `scp ec2:Describe${index}`),
    ]);
    expect(permanentFaults(actions, clients, [2, 3]).map(formatFault)).toEqual(
      ["capacity", "quota", "expired"]
        .map((kind) => `${kind} ec2:Describe1${kind === "expired" ? "@installer" : ""}`)
        .concat(["capacity", "quota", "scp"].map((kind) => `${kind} ec2:Describe2`)),
    );
  });

  test("recognizes the expired credentials that a command met, even if the record has the refused calls in another order", () => {
    const refused = (action: string, client?: RecordedCall["client"]): RecordedCall => ({ ...call(action, client), fault: "expired" });
    const armed: Fault[] = [
      { kind: "scp", action: "iam:GetRole" },
      { kind: "expired", action: "ec2:DescribeSubnets" },
      { kind: "expired", action: "ec2:DescribeVpcs" },
    ];
    const met = ["iam:GetRole", "ec2:DescribeVpcs", "ec2:DescribeSubnets"].map((action) => refused(action));
    expect(metFaults(armed, met).map(formatFault)).toEqual(["expired ec2:DescribeVpcs"]);
    const limited = armed.map((fault) => ({ ...fault, client: "program" as const }));
    expect(metFaults(limited, met)).toEqual([]);
    expect(metFaults(limited, [...met, refused("ec2:DescribeSubnets", "program")]).map(formatFault)).toEqual([
      "expired ec2:DescribeSubnets@program",
    ]);
  });

  test("chooses the same faults for the same seed, and different ones for another seed", () => {
    const actions = Array.from({ length: 50 }, (_, index) => `ec2:Action${index}`);
    expect(randomFaults(7, actions)).toEqual(randomFaults(7, actions));
    // Each run calls the actions in another order.
    expect(randomFaults(7, actions.toReversed())).toEqual(randomFaults(7, actions));
    expect(randomFaults(7, actions)).not.toEqual(randomFaults(8, actions));
    expect(randomFaults(7, actions)).toHaveLength(11);
  });

  test("writes a report after each phase, with the sums of each run and the faults of each action", () => {
    const write = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    const report = new Report(directory);
    report.setActions("up", ["ec2:CreateVpc", "iam:GetRole"]);
    const entry = { run: "throttling", outcome: "passed", commands: 1, seconds: 75, orphans: 0, lostStates: 0, messages: [] } as const;
    report.add({ ...entry, phase: "up", calls: 10, met: [{ fault: "throttling", action: "ec2:CreateVpc" }] });
    report.add({ ...entry, phase: "update", calls: 5, met: [], messages: ["Problem: no credentials\nFix: log in"] });
    const text = report.markdown();
    expect(text).toContain("| throttling | 15 | 1 | 2 | up: passed, update: passed | 0 | 0 | 2 min 30 s |");
    expect(text).toContain("### up: 2 units");
    expect(text).toMatch(/\| `ec2:CreateVpc` \| 1 \|/);
    expect(text).toMatch(/\| `iam:GetRole` \| {2}\|/);
    expect(readFileSync(join(directory, "bad-day.md"), "utf8")).toBe(`${text}\n`);
    expect(JSON.parse(readFileSync(join(directory, "bad-day.json"), "utf8"))).toEqual(report.entries);
    expect(write).toHaveBeenCalledWith("throttling, up: passed, 1 faults in 1 min 15 s\n");
    expect(write).toHaveBeenCalledWith("throttling, update: passed, 0 faults in 1 min 15 s\n  Problem: no credentials\n  Fix: log in\n");
  });
});
