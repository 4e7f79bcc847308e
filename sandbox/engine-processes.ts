import { readdirSync, readFileSync } from "node:fs";
import type { Sandbox } from "./sandbox";

/** Processes that a Pulumi engine starts: plugins, language hosts, and the programs that these run under Node. */
const startedByEngine = /pulumi-(resource|language)-|@pulumi\/pulumi\/cmd\/|command-stand-in/;

/**
 * Kills the plugins of a killed Pulumi engine. Without this, the plugins would continue and finish their operations. The sandbox's own PULUMI_HOME identifies
 * them.
 */
export function endProcessesOf(sandbox: Sandbox): void {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  for (const pid of processes.map(Number)) {
    // Only processes of a Pulumi engine are killed. Others may have the same PULUMI_HOME, because they were started in a shell with .sandbox/env.
    if (!belongsTo(sandbox, pid) || !startedByEngine.test(readProcessFile(pid, "cmdline").join(" "))) continue;
    process.kill(pid, "SIGKILL");
  }
}

/** Whether a running process has this sandbox's PULUMI_HOME, which every process of the sandbox has. */
export function belongsTo({ environment }: Sandbox, pid: number): boolean {
  return readProcessFile(pid, "environ").includes(`PULUMI_HOME=${environment.PULUMI_HOME}`);
}

function readProcessFile(pid: number, file: "environ" | "cmdline"): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8").split("\0");
  } catch {
    return []; // The process has ended, or belongs to another user.
  }
}
