import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readJson, writePrivately } from "../../aws/private-file";
import { dataDirectory, removeData } from "./postgres";

/** Maximum of milliseconds for a copy. The database of the tests has a few MB. */
const COPY_MS = 60_000;

/**
 * Copies the data of a volume to a snapshot, or the data of a snapshot to a volume. Like an EBS snapshot, the copy has the state of one moment: the
 * database's processes are stopped meanwhile. Without data nothing is copied.
 *
 * @param cluster the cluster's directory
 */
export function copyVolumeData(cluster: string, from: string, to: string): void {
  const [source, target] = [dataDirectory(cluster, from), dataDirectory(cluster, to)];
  if (!existsSync(source) || existsSync(target)) return;
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const stopped: number[] = [];
  try {
    stopDatabase(source, stopped);
    execFileSync("cp", ["-a", source, partial], { timeout: COPY_MS });
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  } finally {
    for (const pid of stopped) signal(pid, "SIGCONT");
  }
  // The file names the original's process. PostgreSQL would take the copy for data in use.
  rmSync(join(partial, "userdata", "postmaster.pid"), { force: true });
  renameSync(partial, target);
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

/**
 * Stops the processes of the database that uses a directory, the server first, so that it starts no further process meanwhile. Adds each stopped
 * process to `stopped`. PostgreSQL's processes work in the data directory, so no other process is stopped.
 */
function stopDatabase(directory: string, stopped: number[]): void {
  const data = join(directory, "userdata");
  const file = join(data, "postmaster.pid");
  if (!existsSync(file)) return;
  const server = Number(readFileSync(file, "utf8").split("\n")[0]);
  const stop = (pid: number): void => {
    signal(pid, "SIGSTOP");
    stopped.push(pid);
  };
  if (workingDirectory(server) !== data) return;
  stop(server);
  for (const pid of readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number))
    if (pid !== server && workingDirectory(pid) === data) stop(pid);
}

/** The directory in which a process works; undefined if the process has ended. */
function workingDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch (error) {
    if (["ENOENT", "ESRCH", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // The process may have ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
