import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiCli } from "../../../../lib/pulumi/cli";

describe("a Pulumi command that fails", () => {
  const directory = mkdtempSync(join(tmpdir(), "pulumi-cli-"));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  /** The error message for a failing Pulumi command that prints these texts. */
  async function failure(stdout: string, stderr: string): Promise<string> {
    const program = join(directory, "pulumi-stand-in");
    writeFileSync(join(directory, "stdout"), stdout);
    writeFileSync(join(directory, "stderr"), stderr);
    writeFileSync(program, `#!/bin/sh\ncat "${directory}/stdout"\ncat "${directory}/stderr" >&2\nexit 1\n`, { mode: 0o700 });
    return pulumiCli("dev", directory, { program })(["refresh"]).catch((error: unknown) => (error as Error).message);
  }

  test("reports the Pulumi engine's diagnostics from standard output, and no other output", async () => {
    const diagnostics =
      "  aws:ec2:Vpc (network-vpc):\n    error: reading EC2 VPC: UnauthorizedOperation\n\n  pulumi:pulumi:Stack (okd-aws-dev):\n    error: refresh failed\n";
    const stdout = `Refreshing (dev):\n\n ~  aws:ec2:Vpc network-vpc refreshing\nDiagnostics:\n${diagnostics}\nResources:\n    7 unchanged\n`;
    expect(await failure(stdout, "")).toBe(`pulumi refresh failed: ${diagnostics.trim()}`);
  });

  test("reports its standard error", async () => {
    expect(await failure("Refreshing (dev):\n", "error: the stack is currently locked by 1 lock(s)\n")).toBe(
      "pulumi refresh failed: error: the stack is currently locked by 1 lock(s)",
    );
  });
});
