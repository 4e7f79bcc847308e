import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectDirectory, sandboxTools } from "@okd-aws/sandbox";
import type { ToolName } from "@okd-aws/sandbox/toolchain";

/** If CI names the tools, a test that cannot run fails, because nobody reads skipped tests. */
const required = process.env.CI === "true" && (process.env.OKD_TOOLCHAIN ?? "") !== "";

/**
 * `describe` for tests that need the sandbox's tools. If the tools cannot be found, the tests are skipped with the reason. If CI names the
 * tools, the tests run in any case, and fail without them.
 */
export const describeWithTools = describeWith(sandboxTools);

/** `describe` for tests that need these tools, with the same rules. */
export function describeWith(tools: readonly ToolName[]): jest.Describe {
  return required || absence(tools) === undefined ? describe : describe.skip;
}

/**
 * The reason why the tools cannot be found; undefined if they can. A separate process checks, because Jest declares tests synchronously.
 */
function absence(tools: readonly ToolName[]): string | undefined {
  const args = ["--require", require.resolve("tsx/cjs"), join(projectDirectory, "sandbox", "toolchain", "cli.ts"), ...tools];
  const { status, stderr, error } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status === 0) return undefined;
  const reason = error?.message ?? stderr.trim();
  console.warn(`skipped: ${reason}`);
  return reason;
}
