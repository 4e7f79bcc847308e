import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "./process-alive";

const prefix = "okd-aws-engine-";

let made: string | undefined;

/**
 * A temporary directory of the engine's own, removed when this process ends: the plugin for Kubernetes leaves a copy of the administrator's kubeconfig wherever `TMPDIR`
 * is (pulumi/pulumi-kubernetes, `provider/pkg/provider/provider.go`). Those of processes that were killed go, too.
 */
export function engineDirectory(): string {
  if (made !== undefined) return made;
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid) && isMine(join(tmpdir(), name))) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  const directory = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  process.once("exit", () => {
    rmSync(directory, { recursive: true, force: true });
  });
  return (made = directory);
}

function isMine(file: string): boolean {
  try {
    return statSync(file).uid === process.getuid?.();
  } catch {
    return false; // gone meanwhile
  }
}
