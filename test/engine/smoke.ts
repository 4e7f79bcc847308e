import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectDirectory } from "@okd-aws/sandbox";
import type { SmokeOutcome } from "../../tools/smoke/smoke";
import type { Topology } from "./topology";

const run = promisify(execFile);

/** Runs the smoke test as make does. */
export async function runSmoke(topology: Topology): Promise<SmokeOutcome & { readonly code: number }> {
  const tool = join(projectDirectory, "tools", "smoke", "cli.ts");
  const args = ["--require", require.resolve("tsx/cjs"), tool, "--stack", topology.name, "--json"];
  const options = { cwd: topology.sandbox.directory, env: topology.sandbox.processEnvironment, timeout: 240_000 };
  const { code, stdout, stderr } = await run(process.execPath, args, options).then(
    (output) => ({ code: 0, ...output }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
  if (stdout === "") throw new Error(`make smoke printed no result:\n${stderr}`);
  return { code, ...(JSON.parse(stdout) as SmokeOutcome) };
}
