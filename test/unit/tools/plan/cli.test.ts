import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describePlan } from "../../../../tools/driver/describe-plan";
import { readArguments } from "../../../../tools/plan/cli";
import { hasErrors, readPreview, resultOf } from "../../../../tools/plan/preview";
import { valuesOfHistory, valuesOfStackFile } from "../../../../tools/plan/stack-file";
import { fixtureFile, readFixture } from "./fixture";

const project = join(__dirname, "..", "..", "..", "..");
const tsx = join(project, "node_modules", ".bin", "tsx");

describe("the arguments of make plan", () => {
  test.each<[string[], string]>([
    [[], "the stack is missing"],
    [["--stack", "dev", "--json", "--markdown"], "can't be combined"],
    [["--plan", "x", "--configuration-before", "a"], "must be used together"],
    [["--nonsense"], "Unknown option"],
  ])("are refused if they are %j", (args, why) => {
    expect(readArguments(args)).toContain(why);
  });

  test("need no stack for an existing preview, and accept two configuration files with it", () => {
    expect(readArguments(["--plan", "-", "--markdown", "--configuration-before", "a", "--configuration-after", "b"])).toMatchObject({
      plan: "-",
      output: "markdown",
      configuration: { before: "a", after: "b" },
    });
  });
});

describe("make plan", () => {
  let directory: string;
  const file = (name: string) => join(directory, name);

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "plan-cli-"));
    writeFileSync(file("preview.json"), JSON.stringify(readFixture("master-type").preview));
    writeFileSync(file("broken.json"), JSON.stringify({ steps: [], diagnostics: [{ severity: "error", message: "error: no such zone" }] }));
    writeFileSync(file("before.yaml"), "config:\n  okd-aws:workerCount: 3\n  okd-aws:pullSecret:\n    secure: AAAA1111\n");
    writeFileSync(file("after.yaml"), "config:\n  okd-aws:workerCount: 5\n  okd-aws:pullSecret:\n    secure: BBBB2222\n");
  });

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  const run = (...args: readonly string[]) => spawnSync(tsx, [join(project, "tools/plan/cli.ts"), ...args], { encoding: "utf8" });

  test("prints the summary of an existing preview, with the changed keys and the change in cost", () => {
    const { stdout, status } = run(
      "--plan",
      file("preview.json"),
      "--configuration-before",
      file("before.yaml"),
      "--configuration-after",
      file("after.yaml"),
    );
    expect(stdout).toMatch(/^Updates 3 instances, restarts control plane instances one by one and costs \$/);
    expect(stdout).toMatch(/Cost: \+\$[\d.]+ a month\n/);
    expect(stdout).toContain("workerCount: 3 → 5");
    expect(stdout).toContain("pullSecret: [secret] → [secret]");
    expect(stdout).not.toMatch(/AAAA1111|BBBB2222/);
    expect(status).toBe(0);
  });

  test("reads standard input, and prints JSON", () => {
    const stdout = execFileSync(tsx, [join(project, "tools/plan/cli.ts"), "--plan", "-", "--json"], {
      input: JSON.stringify(readFixture("open-port").preview),
      encoding: "utf8",
    });
    expect(JSON.parse(stdout)).toMatchObject({
      exposures: [{ kind: "opened", text: "tcp 22 of installer-host-group to 203.0.113.0/24", wide: false }],
    });
  });

  test("says that a plan with an error cannot be applied, and fails", () => {
    const { stdout, status } = run("--plan", file("broken.json"));
    expect(stdout).toBe("This plan can't be applied: the preview ended with an error.\n\nno such zone\n");
    expect(status).toBe(1);
  });

  test("refuses a file that is not a preview", () => {
    const { stderr, status } = run("--plan", fixtureFile("standing"));
    expect(stderr).toContain("This is not the output of pulumi preview --json");
    expect(status).toBe(1);
  });

  test("has exit code 2 for wrong arguments", () => {
    expect(run().status).toBe(2);
  });
});

test("the error for a missing preview has Pulumi's message", () => {
  expect(() => readPreview("", "pulumi preview (exit code 255): error: no stack named 'x' found")).toThrow("no stack named 'x' found");
});

describe("a preview that fails", () => {
  const stdout = JSON.stringify({ steps: [], diagnostics: [{ severity: "warning", message: "slow" }] });

  test("has Pulumi's standard error as its error if its JSON has none", () => {
    const preview = resultOf({ stdout, stderr: "  the pack can't be loaded\n", code: 255 }, "pulumi preview of main");
    expect(hasErrors(preview)).toBe(true);
    expect(preview.diagnostics).toEqual([
      { severity: "warning", message: "slow" },
      { severity: "error", message: "the pack can't be loaded" },
    ]);
    expect(resultOf({ stdout, stderr: "", code: null }, "pulumi preview of main").diagnostics).toContainEqual({
      severity: "error",
      message: "pulumi preview of main ended with exit code none",
    });
  });

  test("keeps the errors in its JSON; the standard error of a successful preview is not an error", () => {
    const broken = { steps: [], diagnostics: [{ severity: "error", message: "no such zone" }] };
    expect(resultOf({ stdout: JSON.stringify(broken), stderr: "more", code: 1 }, "x")).toEqual(broken);
    expect(hasErrors(resultOf({ stdout, stderr: "noise", code: 0 }, "x"))).toBe(false);
  });
});

test("the last update's configuration has no secret values, and a stack without updates has no configuration", () => {
  const config = { "okd-aws:release": { value: "4.19.0", secret: false }, "okd-aws:pullSecret": { secret: true } };
  expect(valuesOfHistory([{ config }])).toEqual({ "okd-aws:release": "4.19.0", "okd-aws:pullSecret": "[secret]" });
  expect(valuesOfHistory([])).toBeUndefined();
  expect(valuesOfStackFile("encryptionsalt: x\n")).toEqual({});
});

test("the question of make up has the plan's summary, on two screens at most", () => {
  const { steps = [] } = readFixture("rename-component").preview;
  const events = steps.map(({ op, urn, oldState, newState, diffReasons }, sequence) => ({
    sequence,
    timestamp: 0,
    resourcePreEvent: { metadata: { op, urn, type: "", provider: "", old: oldState, new: newState, diffs: diffReasons } },
  }));
  const lines = describePlan(events as unknown as Parameters<typeof describePlan>[0]);
  expect(lines[0]).toBe("21 to create, 3 to update, 21 to delete");
  expect(lines[1]).toBe(
    "Deletes 21 resources, updates 3, creates 21, interrupts the API for about 5 minutes and opens tcp 6443 of api-balancers-int-group to 0.0.0.0/0 and 1 more.",
  );
  expect(lines.join("\n").length).toBeLessThan(4100);
});
