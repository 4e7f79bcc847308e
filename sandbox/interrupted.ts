import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsAccount } from "../operations/recovery/account";
import { recover } from "../operations/recovery/recover";
import { pulumi, pulumiOk } from "./pulumi";
import type { Sandbox } from "./sandbox";

/**
 * Puts a stack in order whose last update was killed: ends what the engine left running, takes its lock away, and brings
 * the state back in line with the emulated AWS.
 *
 * @returns what was done, in words; undefined when nothing had to be.
 * @throws Error while an update of the stack is running.
 */
export async function resume(sandbox: Sandbox, stack: string, region: string, configFile: string): Promise<string | undefined> {
  const target = ["--stack", stack];
  for (const pid of lockHolders(sandbox)) {
    // The number alone may belong to another process by now.
    if (wordsOf(pid, "environ").includes(markOf(sandbox)))
      throw new Error(`an update of the stack ${stack} is running (process ${pid}): wait for its end`);
    endProcessesOf(sandbox);
    await pulumi(sandbox, ["cancel", ...target, "--yes"]);
  }
  Object.assign(process.env, sandbox.environment); // the SDK reads its proxy and credentials there
  const run = async (args: readonly string[], input?: string) => {
    const config = args[0] === "refresh" ? ["--config-file", configFile] : [];
    return (await pulumiOk(sandbox, [...args, ...target, ...config], { input })).stdout;
  };
  const { begun, adopted, reread } = await recover(run, new AwsAccount(region));
  if (begun > 0)
    return `the last update was killed: ${begun} creations were open, ${adopted.length} of them were looked up and taken in where they exist`;
  return reread.length === 0 ? undefined : `the last update failed: ${reread.length} half-made resources were read from AWS`;
}

/** Processes that hold, or held when they were killed, a lock on the sandbox's state. */
function lockHolders(sandbox: Sandbox): number[] {
  const locks = join(sandbox.directory, "state", ".pulumi", "locks");
  if (!existsSync(locks)) return [];
  return readdirSync(locks, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .map((name) => (JSON.parse(readFileSync(join(locks, name), "utf8")) as { pid: number }).pid);
}

/** In the environment of everything that runs in this sandbox. */
function markOf(sandbox: Sandbox): string {
  return `PULUMI_HOME=${sandbox.environment.PULUMI_HOME}`;
}

/** What an engine starts: plugins, language hosts, and the programs that these run under Node. */
const startedByEngine = /pulumi-(resource|language)-|@pulumi\/pulumi\/cmd\/|command-stand-in/;

/** A killed engine's plugins live on, and finish what they were told; they are known by the sandbox's own PULUMI_HOME. */
export function endProcessesOf(sandbox: Sandbox): void {
  const mark = markOf(sandbox);
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  for (const pid of processes.map(Number)) {
    // Only these: a shell that has sourced .sandbox/env hands the variable to everything that is started from it.
    if (!wordsOf(pid, "environ").includes(mark) || !startedByEngine.test(wordsOf(pid, "cmdline").join(" "))) continue;
    process.kill(pid, "SIGKILL");
  }
}

function wordsOf(pid: number, file: "environ" | "cmdline"): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8").split("\0");
  } catch {
    return []; // gone meanwhile, or somebody else's
  }
}
