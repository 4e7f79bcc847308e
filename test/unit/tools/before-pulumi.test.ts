import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { absentFile, absentStack } from "../../../tools/stack-configuration";

const project = join(__dirname, "..", "..", "..");

/** Commands refuse wrong arguments before they start Pulumi, which would take long, change files, or fail with another message. */
describe("a command that checks its input before it starts Pulumi", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "before-pulumi-"));
    standIn("exit 1");
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** Puts a stub of `pulumi` on the PATH that records its arguments and then runs `body`. */
  function standIn(body: string): void {
    writeFileSync(join(directory, "pulumi"), `#!/bin/sh\necho "$*" >>${join(directory, "calls")}\n${body}\n`, { mode: 0o755 });
  }

  /** Runs a command with the stub of `pulumi` on the PATH. */
  function run(command: string, args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    const environment = { ...process.env, ...variables, PATH: `${directory}${delimiter}${process.env.PATH ?? ""}` };
    const cli = [join(project, "node_modules/.bin/tsx"), join(project, "tools", command), ...args];
    const { stdout, stderr, status } = spawnSync(cli[0], cli.slice(1), { cwd: directory, env: environment, encoding: "utf8" });
    const calls = existsSync(join(directory, "calls")) ? readFileSync(join(directory, "calls"), "utf8").trim().split("\n") : [];
    return { stdout, stderr, status, calls };
  }

  describe("with two sources of AWS credentials", () => {
    const both = { AWS_PROFILE: "work", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" };
    const problem =
      /^\n?Problem: AWS_PROFILE is set together with AWS_ACCESS_KEY_ID\..*\nFix: unset AWS_PROFILE, or unset AWS_ACCESS_KEY_ID .*Then run the same command again\.\n$/;

    test.each([
      ["plan/cli.ts", ["--stack", "prod"]],
      ["driver/cli.ts", ["up", "--stack", "prod", "--yes"]],
      ["diagnose/cli.ts", ["--stack", "prod"]],
      ["recovery/cli.ts", ["prod"]],
      ["report/cli.ts", ["--stack", "prod", "--live"]],
    ])("is refused: %s %j", (command, args) => {
      const { stderr, status, calls } = run(command, args, both);
      expect(stderr).toMatch(problem);
      expect(status).toBe(1);
      expect(calls).toEqual([]);
    });

    test.each(["--json", "--markdown"])("is refused, with %s in the form of a plan that contains the error", (output) => {
      const { stdout, status, calls } = run("plan/cli.ts", ["--stack", "prod", output], both);
      expect(stdout).toMatch(/^(\{\n *"headline": "|\*\*)This plan can't be applied/);
      expect(stdout).toMatch(/Problem: AWS(_|\\_)PROFILE is set together with .*(\\n|<br>)Fix: unset/);
      expect(status).toBe(1);
      expect(calls).toEqual([]);
    });

    test("runs if it is a report that makes no requests to AWS", () => {
      expect(run("report/cli.ts", ["--stack", "prod"], both).calls).toEqual([expect.stringMatching(/^stack export/)]);
    });
  });

  /** Pulumi itself takes a missing file for an empty configuration, and writes a new one (`pulumi config`, tried with v3.255.0). */
  describe("with a missing stack file", () => {
    const commands = [
      ["plan/cli.ts", ["--stack", "absent", "--directory", "."]],
      ["diagnose/cli.ts", ["--stack", "absent"]],
      ["recovery/cli.ts", ["absent"]],
      ["policy/cli.ts", ["--stack", "absent"]],
    ] as const;

    test.each(commands)("is refused with the file's name: %s %j", (command, args) => {
      standIn("echo absent");
      const { stderr, status, calls } = run(command, args);
      expect(stderr).toBe(`${absentFile("absent")}\n`);
      expect(status).toBe(1);
      expect(calls).toEqual([expect.stringMatching(/^stack --show-name --stack absent /)]);
    });

    test.each(commands)("of a stack that does not exist is refused with the stack's name: %s %j", (command, args) => {
      standIn("echo \"error: no stack named 'absent' found\" >&2; exit 6");
      const { stderr, calls } = run(command, args);
      expect(stderr).toBe(`${absentStack("absent")}\n`);
      expect(calls).toHaveLength(1);
    });

    test("shows any other failure of Pulumi unchanged", () => {
      standIn("echo 'error: no access to the bucket' >&2; exit 1");
      expect(run("recovery/cli.ts", ["absent"]).stderr).toContain("no access to the bucket");
    });
  });
});
