import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readJson, writePrivately } from "../../aws/private-file";
import { dataDirectory, removeData } from "./postgres";

/**
 * Copies the data of a volume to a snapshot, or the data of a snapshot to a volume. Like an EBS snapshot, the copy has the state of one moment: the
 * database's processes are stopped meanwhile. Without data nothing is copied.
 *
 * @param cluster the cluster's directory
 */
export function copyVolumeData(cluster: string, from: string, to: string): void {
  const [source, target] = [dataDirectory(cluster, from), dataDirectory(cluster, to)];
  if (!existsSync(source) || existsSync(target)) return;
  const processes = databaseProcesses(source);
  signal(processes, "SIGSTOP");
  try {
    execFileSync("cp", ["-a", source, target]);
  } finally {
    signal(processes, "SIGCONT");
  }
  // The file names the original's process. PostgreSQL would take the copy for data in use.
  rmSync(join(target, "userdata", "postmaster.pid"), { force: true });
}

/** Remembers the data of a snapshot, so that it can be removed with the cluster. */
export function rememberSnapshot(cluster: string, snapshotId: string): void {
  const known = readJson<string[]>(recordOf(cluster)) ?? [];
  if (!known.includes(snapshotId)) writePrivately(recordOf(cluster), JSON.stringify([...known, snapshotId]));
}

/** Removes the data of all snapshots of a cluster. */
export function removeSnapshotData(cluster: string): void {
  for (const id of readJson<string[]>(recordOf(cluster)) ?? []) removeData(dataDirectory(cluster, id));
  rmSync(recordOf(cluster), { force: true });
}

function recordOf(cluster: string): string {
  return join(cluster, "snapshots.json");
}

/** The server's process and its children; empty if no server uses the directory. */
function databaseProcesses(directory: string): readonly number[] {
  const file = join(directory, "userdata", "postmaster.pid");
  if (!existsSync(file)) return [];
  const server = Number(readFileSync(file, "utf8").split("\n")[0]);
  const children = `/proc/${server}/task/${server}/children`;
  if (!existsSync(children)) return [];
  return [server, ...readFileSync(children, "utf8").split(" ").filter(Boolean).map(Number)];
}

function signal(processes: readonly number[], name: NodeJS.Signals): void {
  for (const pid of processes)
    try {
      process.kill(pid, name);
    } catch (error) {
      // A child may have ended since the list was read.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
}
