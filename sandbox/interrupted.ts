import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsAccount } from "../tools/recovery/account";
import { recover } from "../tools/recovery/recover";
import { belongsTo, endProcessesOf } from "./engine-processes";
import { pulumi, pulumiOk } from "./pulumi";
import type { Sandbox } from "./sandbox";

/**
 * Recovers a stack whose last update was killed: ends the processes that the Pulumi engine left running, removes its lock, and brings the state in
 * line with the emulated AWS.
 *
 * @returns a description of the recovery's changes; undefined if there was nothing to recover.
 * @throws Error if an update of the stack is running.
 */
export async function resume(sandbox: Sandbox, stack: string, region: string, configFile: string): Promise<string | undefined> {
  const target = ["--stack", stack];
  for (const pid of lockHolders(sandbox)) {
    // A lock names its process by id. A different process may have the same id by now, so the environment of the process is checked, too.
    if (belongsTo(sandbox, pid)) throw new Error(`an update of the stack ${stack} is running (process ${pid}): wait until it ends`);
    endProcessesOf(sandbox);
    await pulumi(sandbox, ["cancel", ...target, "--yes"]);
  }
  Object.assign(process.env, sandbox.environment); // The AWS SDK reads its proxy and credentials from this process's environment.
  const run = async (args: readonly string[], input?: string) => {
    const config = args[0] === "refresh" ? ["--config-file", configFile] : [];
    return (await pulumiOk(sandbox, [...args, ...target, ...config], { input })).stdout;
  };
  const { begun, adopted, reread } = await recover(run, new AwsAccount(region));
  if (begun > 0)
    return `the last update was killed while it created ${begun} resources: ${adopted.length} of them exist in AWS and were added to the state`;
  return reread.length === 0 ? undefined : `the last update failed: ${reread.length} incomplete resources were read from AWS`;
}

/** Processes that hold a lock on the sandbox's state, or held one when they were killed. */
function lockHolders(sandbox: Sandbox): number[] {
  const locks = join(sandbox.directory, "state", ".pulumi", "locks");
  if (!existsSync(locks)) return [];
  return readdirSync(locks, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .map((name) => (JSON.parse(readFileSync(join(locks, name), "utf8")) as { pid: number }).pid);
}
