import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { DeleteFileSystemCommand } from "@aws-sdk/client-efs";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { type Clock, systemClock } from "../../lib/clock";
import { attemptRemoval } from "../../steps/cleanup/cleanup";
import type { CleanupClients } from "../../steps/cleanup/clients";
import { buckets } from "../../steps/cleanup/kinds/buckets";
import { snapshots } from "../../steps/cleanup/kinds/compute";
import { type CleanupContext, ownershipTagKey } from "../../steps/cleanup/resource-kind";
import {
  bucketOwnership,
  type ClusterData,
  contextOf,
  type DataOwner,
  describeFileSystem,
  fileSystemUse,
  isOwn,
  type KeptData,
  veleroBucketOf,
} from "./kept-data";

/**
 * If AWS refuses a deletion for a reason that can end by itself, such as BucketNotEmpty, the deletion is repeated for this many minutes.
 * This project's choice.
 */
const ATTEMPTS_MINUTES = 10;

/** Milliseconds between two attempts. */
const PAUSE_MS = 5000;

export interface DataRemovalContext {
  readonly owner: DataOwner;
  readonly clients: CleanupClients;
  /**
   * If aborted, a deletion that has begun stops after at most one more request (a request deletes up to a thousand objects), and nothing
   * else is deleted.
   */
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
}

/** The data that a removal has not deleted. */
export interface NotRemoved {
  /** Data that must stay, each with the reason. */
  readonly kept: readonly string[];
  /** Data that should be deleted, each with the reason why it still exists. */
  readonly left: readonly string[];
}

/** Thrown when data must not be deleted. */
class MustStay extends Error {}

/**
 * Deletes a cluster's buckets and file systems with all their data, and then the snapshots that belong to its backups. The tags and the use
 * of each bucket or file system are read again right before its deletion. If one of them can't be deleted, the others are still deleted.
 */
export async function removeKeptData(data: ClusterData, removal: DataRemovalContext): Promise<NotRemoved> {
  const { owner, clients, signal, say } = removal;
  const context = contextOf(owner, clients, signal);
  const [kept, left]: [string[], string[]] = [[], []];
  for (const item of data.items) {
    const name = `${item.kind} ${item.id}`;
    const reason = await tryRemoval(() => removeItem(item, owner, context), removal);
    if (reason === undefined) say(`the ${name} is deleted with its data`);
    else (reason.mustStay ? kept : left).push(`${name}: ${reason.text}`);
  }
  const ofSnapshots = await removeSnapshots(data.snapshots.ids, removal, context);
  return { kept: [...kept, ...ofSnapshots.kept], left: [...left, ...ofSnapshots.left, ...data.unread] };
}

/**
 * Deletes the snapshots, but only after the bucket with their backups is deleted: a backup whose snapshots are missing looks complete, but
 * restores empty volumes.
 */
async function removeSnapshots(ids: readonly string[], removal: DataRemovalContext, context: CleanupContext): Promise<NotRemoved> {
  const what = `EBS snapshots of Velero's backups`;
  if (ids.length === 0) return { kept: [], left: [] };
  const bucket = veleroBucketOf(removal.owner);
  const obstacle = await tryRemoval(async () => {
    const { Buckets = [] } = await context.clients.s3.send(new ListBucketsCommand({}));
    if (Buckets.some(({ Name }) => Name === bucket)) throw new MustStay(`the bucket ${bucket}, which contains their backups, still exists`);
  }, removal);
  if (obstacle !== undefined) {
    const line = `${ids.length} ${what}: ${obstacle.text}`;
    return obstacle.mustStay ? { kept: [line], left: [] } : { kept: [], left: [line] };
  }
  const left: string[] = [];
  for (const id of ids) {
    const reason = await tryRemoval(() => snapshots.remove({ id }, context), removal);
    if (reason !== undefined) left.push(`EBS snapshot ${id}: ${reason.text}`);
  }
  if (left.length < ids.length) removal.say(`${ids.length - left.length} ${what} are deleted`);
  return { kept: [], left };
}

/** The reason why something was not deleted; undefined if it was deleted or did not exist any more. */
async function tryRemoval(
  remove: () => Promise<void>,
  { signal, clock = systemClock }: DataRemovalContext,
): Promise<{ readonly mustStay: boolean; readonly text: string } | undefined> {
  const isCancelled = (): boolean => signal.aborted;
  for (const deadline = clock.now() + ATTEMPTS_MINUTES * 60_000; ;) {
    if (isCancelled()) return { mustStay: false, text: "cancelled" };
    let stays: MustStay | undefined;
    const refusal = await attemptRemoval(() =>
      remove().catch((error: unknown) => {
        if (error instanceof MustStay) stays = error;
        else throw error;
      }),
    );
    if (stays !== undefined) return { mustStay: true, text: stays.message };
    if (refusal === undefined) return undefined;
    if (!isCancelled() && (refusal.final || clock.now() > deadline)) return { mustStay: false, text: refusal.reason };
    if (!isCancelled()) await clock.pause(PAUSE_MS);
  }
}

async function removeItem({ kind, id }: KeptData, owner: DataOwner, context: CleanupContext): Promise<void> {
  const otherTags = "it no longer has this cluster's tags, or it also has the tag of another cluster";
  if (kind === "bucket") {
    const ownership = await bucketOwnership(id, owner, context);
    if (ownership === "other") throw new MustStay(otherTags);
    if (ownership === "own") await buckets.remove({ id }, context);
    return;
  }
  const found = await describeFileSystem(id, context);
  if (found === undefined) return;
  if (!isOwn(found.tags, owner, context)) throw new MustStay(otherTags);
  // The cluster's own mount targets were deleted with the stack, so any mount target belongs to somebody else. Even if somebody creates one
  // right now, the data is safe: AWS refuses to delete a file system that has a mount target (FileSystemInUse).
  const use = await fileSystemUse(id, owner, context);
  if (use !== undefined) throw new MustStay(use);
  await context.clients.efs.send(new DeleteFileSystemCommand({ FileSystemId: id }));
}

/** IDs of the instances that a cluster still has, including stopped instances. */
export async function instancesOf(owner: DataOwner, clients: CleanupClients): Promise<readonly string[]> {
  const { target } = contextOf(owner, clients);
  const { Reservations = [] } = await clients.ec2.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: "tag-key", Values: [ownershipTagKey(target)] },
        { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
      ],
    }),
  );
  return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = "" }) => InstanceId));
}
