import { type Clock, systemClock } from "../../lib/clock";
import { buckets } from "../../steps/cleanup/kinds/buckets";
import { keptSnapshots, snapshots } from "../../steps/cleanup/kinds/compute";
import { fileSystems } from "../../steps/cleanup/kinds/file-systems";
import type { CleanupClients } from "../../steps/cleanup/clients";
import { contextOf, type DataOwner, describeFileSystem, isOwn, isOwnBucket, type KeptData } from "./kept-data";

/** Minutes until the mount targets of a file system must be gone. AWS deletes them in a minute or two. */
const FILE_SYSTEM_MINUTES = 10;

/** Milliseconds between two attempts. */
const PAUSE_MS = 5000;

/**
 * Deletes a cluster's buckets and file systems with all their data, and the snapshots that belong to its backups. Each one's tags are read
 * again right before its deletion.
 *
 * @throws Error with AWS's reason
 */
export async function removeKeptData(
  data: readonly KeptData[],
  owner: DataOwner,
  clients: CleanupClients,
  say: (text: string) => void,
  clock: Clock = systemClock,
): Promise<void> {
  const context = contextOf(owner, clients);
  for (const { kind, id } of data) {
    if (kind === "bucket") {
      if (!(await isOwnBucket(id, owner, context))) continue;
      await buckets.remove({ id }, context);
    } else {
      const found = await describeFileSystem(id, context);
      if (found === undefined || !isOwn(found.tags, owner, context)) continue;
      await removeFileSystem(() => fileSystems.remove({ id }, context), clock);
    }
    say(`the ${kind} ${id} is deleted with its data`);
  }
  const left = await keptSnapshots(context);
  for (const id of left) await snapshots.remove({ id }, context);
  if (left.length > 0) say(`${left.length} snapshots of the cluster's backups are deleted`);
}

/** AWS refuses the deletion until the mount targets are gone. */
async function removeFileSystem(attempt: () => Promise<void>, clock: Clock): Promise<void> {
  for (const deadline = clock.now() + FILE_SYSTEM_MINUTES * 60_000; ;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (!(error instanceof Error) || !/InUse|IncorrectMountTargetState/.test(error.name) || clock.now() > deadline) throw error;
    }
    await clock.pause(PAUSE_MS);
  }
}
