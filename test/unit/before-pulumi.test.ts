import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const project = join(__dirname, "..", "..");

/** What commands refuse before they start Pulumi, which would take long, change files, or fail in other words. */
describe("before Pulumi starts", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "before-pulumi-"));
    writeFileSync(join(directory, "pulumi"), `#!/bin/sh\necho "$*" >>${join(directory, "calls")}\nexit 1\n`, { mode: 0o755 });
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** Runs a command with a `pulumi` that writes its arguments down. */
  function run(command: string, args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    const environment = { ...process.env, ...variables, PATH: `${directory}${delimiter}${process.env.PATH ?? ""}` };
    const cli = [join(project, "node_modules/.bin/tsx"), join(project, "operations", command), ...args];
    const { stdout, stderr, status } = spawnSync(cli[0], cli.slice(1), { cwd: directory, env: environment, encoding: "utf8" });
    const calls = existsSync(join(directory, "calls")) ? readFileSync(join(directory, "calls"), "utf8").trim().split("\n") : [];
    return { stdout, stderr, status, calls };
  }

  describe("two sources of AWS credentials", () => {
    const both = { AWS_PROFILE: "work", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" };
    const problem =
      /^\n?Problem: AWS_PROFILE is set together with AWS_ACCESS_KEY_ID\..*\nFix: unset AWS_PROFILE, or unset AWS_ACCESS_KEY_ID .*Then run the same command again\.\n$/;

    test.each([
      ["plan/cli.ts", ["--stack", "prod"]],
      ["driver/cli.ts", ["up", "--stack", "prod", "--yes"]],
      ["diagnosis/cli.ts", ["--stack", "prod"]],
      ["recovery/cli.ts", ["prod"]],
      ["report/cli.ts", ["--stack", "prod", "--live"]],
    ])("are refused by %s %j", (command, args) => {
      const { stderr, status, calls } = run(command, args, both);
      expect(stderr).toMatch(problem);
      expect(status).toBe(1);
      expect(calls).toEqual([]);
    });

    test.each(["--json", "--markdown"])("are the error of a plan with %s", (output) => {
      const { stdout, status, calls } = run("plan/cli.ts", ["--stack", "prod", output], both);
      expect(stdout).toMatch(/^(\{\n *"headline": "|\*\*)This can't be applied/);
      expect(stdout).toMatch(/Problem: AWS(_|\\_)PROFILE is set together with .*(\\n|<br>)Fix: unset/);
      expect(status).toBe(1);
      expect(calls).toEqual([]);
    });

    test("do not concern a report that does not ask AWS", () => {
      expect(run("report/cli.ts", ["--stack", "prod"], both).calls).toEqual([expect.stringMatching(/^stack export/)]);
    });
  });
});
