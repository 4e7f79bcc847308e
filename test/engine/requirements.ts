import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectDirectory, sandboxTools } from "../../sandbox/sandbox";

/** Where the tools were given, a test that does not run is a failure: nobody reads what was skipped. */
const required = process.env.CI === "true" && (process.env.OKD_TOOLCHAIN ?? "") !== "";

/** `describe` for tests that need the real tools: skipped, with the reason, where these can't be had; failed where they were given. */
export const describeWithTools = required || absence() === undefined ? describe : describe.skip;

/** Why the tools can't be had. Asked of a process of its own, since tests are declared without waiting. */
function absence(): string | undefined {
  const args = ["--require", require.resolve("tsx/cjs"), join(projectDirectory, "sandbox", "toolchain", "cli.ts"), ...sandboxTools];
  const { status, stderr, error } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status === 0) return undefined;
  const reason = error?.message ?? stderr.trim();
  console.warn(`skipped: ${reason}`);
  return reason;
}
