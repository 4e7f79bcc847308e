import { paginateGetResources } from "@aws-sdk/client-resource-groups-tagging-api";
import { clusterDomainTagKey } from "../../config/tags/fields";
import { collectPages } from "../../lib/aws/pages";
import { reasonOf } from "../../lib/reason";
import { type CleanupClients, cleanupClients } from "../../steps/cleanup/clients";
import { taggedArns } from "../../steps/cleanup/tagged";
import { instancesOf, removeKeptData } from "./data-removal";
import { deletedFileSystems, type DestroyedResource } from "./file-systems";
import { type ClusterData, contextOf, type DataOwner, dataLine, dataOf, snapshotsLine } from "./kept-data";
import { CancelledByUser, type DriverRun } from "./run";

/** Types of resources that hold data. */
const HOLDS_DATA = ["aws:s3/bucket:Bucket", "aws:efs/fileSystem:FileSystem"];
const MOUNT_TARGET = "aws:efs/mountTarget:MountTarget";

const KEPT_TITLE = "These would stay in AWS with their data (BACKUPS=delete deletes them, too):";

/**
 * Lines about the data that a destroy keeps or deletes. If AWS refuses to show a part of the data, a line says so; the other lines are
 * still returned.
 */
export async function linesAboutData(
  owner: DataOwner,
  resources: readonly DestroyedResource[],
  deleteBackups: boolean,
  clients: CleanupClients = cleanupClients(owner.region),
): Promise<readonly string[]> {
  const idsOf = (chosen: (resource: DestroyedResource) => boolean): ReadonlySet<string> =>
    new Set(resources.filter(chosen).flatMap(({ id }) => id ?? []));
  const doomed = idsOf(({ type, retainOnDelete }) => HOLDS_DATA.includes(type) && retainOnDelete !== true);
  const data = await dataOf(
    owner,
    clients,
    idsOf(({ type }) => type === MOUNT_TARGET),
  );
  const [deleted, staying] = [true, false].map((is) => data.items.filter(({ id }) => doomed.has(id) === is));
  const now = new Date();
  const lines = linesOf({ ...data, items: staying }, now);
  return [
    // These file systems are in the state, but not in the list from AWS, because the tagging API lists a new file system with a delay.
    ...deletedFileSystems(resources)
      .filter((id) => !deleted.some((each) => each.id === id))
      .map((id) => `It would delete the file system ${id} with all data.`),
    ...deleted.map((each) => `It would delete with all data: ${dataLine(each, now)}`),
    ...(lines.length === 0 ? [] : [deleteBackups ? "It would delete with all data:" : KEPT_TITLE, ...lines]),
    ...unreadLines(data),
  ];
}

function linesOf({ items, snapshots }: ClusterData, now = new Date()): readonly string[] {
  return [
    ...items.map((each) => `  ${dataLine(each, now)}`),
    ...(snapshots.ids.length === 0 ? [] : [`  ${snapshotsLine(snapshots, now)}`]),
  ];
}

function unreadLines({ unread }: ClusterData): readonly string[] {
  return unread.length === 0 ? [] : ["There may be more data, because these requests to AWS failed:", ...unread.map((each) => `  ${each}`)];
}

/** Prints the data that the destroyed stack has left in AWS. Returns the IDs of the buckets and file systems that stay. */
export async function sayKeptData(owner: DataOwner, run: Pick<DriverRun, "say">): Promise<readonly string[]> {
  const data = await dataOf(owner, cleanupClients(owner.region));
  const lines = linesOf(data);
  if (lines.length > 0) run.say(["these stay in AWS with their data, and cost money until you delete them:", ...lines].join("\n"));
  if (data.unread.length > 0) run.say(unreadLines(data).join("\n"));
  return data.items.map(({ id }) => id);
}

/**
 * Deletes the data that the destroyed stack has left in AWS.
 *
 * @param known whether the state had the infra ID. Otherwise the user gave the infra ID, and the function checks that no cluster with this
 * infra ID still runs.
 * @param repeat the command with which the user continues after a failure
 * @returns the IDs of the data that stays
 * @throws CancelledByUser or Error, with a list of the remaining data
 */
export async function deleteData(
  owner: DataOwner,
  { run, known, repeat }: { readonly run: Pick<DriverRun, "say" | "options">; readonly known: boolean; readonly repeat: string },
  clients: CleanupClients = cleanupClients(owner.region),
): Promise<readonly string[]> {
  const { signal } = run.options;
  const isCancelled = (): boolean => signal.aborted;
  const say = (text: string): void => {
    run.say(text);
  };
  const again = `The same data is deleted by: ${repeat}`;
  if (isCancelled()) throw new CancelledByUser(`cancelled: the stack is destroyed, none of its data was deleted.\n${again}`);
  const running = known ? [] : await instancesOf(owner, clients);
  if (running.length > 0)
    throw new Error(`the cluster ${owner.infraId} still has instances, so none of its data was deleted: ${running.join(", ")}`);
  const data = await dataOf(owner, clients);
  const { kept, left } = await removeKeptData(data, { owner, clients, signal, say });
  if (kept.length > 0) say(["these stay in AWS:", ...kept.map((each) => `  ${each}`)].join("\n"));
  const remaining = ["These are left in AWS:", ...left.map((each) => `  ${each}`), again].join("\n");
  if (isCancelled() && left.length > 0)
    throw new CancelledByUser(`cancelled: the stack is destroyed, but not all of its data.\n${remaining}`);
  if (left.length > 0) throw new Error(`the stack is destroyed, but not all of its data.\n${remaining}`);
  return data.items.filter(({ id }) => kept.some((line) => line.includes(` ${id}:`))).map(({ id }) => id);
}

/** Lines about data in AWS of clusters with this domain, for a stack whose state does not contain its cluster's infra ID. */
export async function dataOfDomain(domain: string, { tagging: client }: Pick<CleanupClients, "tagging">): Promise<readonly string[]> {
  const TagFilters = [{ Key: clusterDomainTagKey, Values: [domain] }];
  const found = await collectPages(paginateGetResources({ client }, { TagFilters }), (page) => page.ResourceTagMappingList);
  const lines = found.flatMap(({ ResourceARN = "", Tags = [] }) => {
    const infraId = Tags.flatMap(({ Key = "", Value }) =>
      Value === "shared" ? (/^kubernetes\.io\/cluster\/(.+)$/.exec(Key)?.[1] ?? []) : [],
    );
    return /:s3:::|:file-system\//.test(ResourceARN) && infraId.length > 0 ? [`  INFRA_ID=${infraId.join(", ")}: ${ResourceARN}`] : [];
  });
  return lines.length === 0
    ? []
    : [`AWS lists these with the tag ${clusterDomainTagKey}=${domain} (the list lags behind deletions):`, ...lines.sort()];
}

/** A message that lists the resources that AWS still reports under the cluster's tag, except the data that stays. */
export async function leftoversMessage(owner: DataOwner, kept: readonly string[]): Promise<string> {
  const { infraId, region } = owner;
  try {
    const all = await taggedArns(contextOf(owner, cleanupClients(region)), ["owned", "shared"]);
    const arns = all.filter((arn) => !kept.some((id) => arn.endsWith(`:${id}`) || arn.endsWith(`/${id}`)));
    return arns.length === 0
      ? `no ${kept.length > 0 ? "other " : ""}resource in AWS has the tag of ${infraId}`
      : [
          `AWS still lists these resources with the tag of ${infraId} (the list lags behind deletions):`,
          ...arns.map((arn) => `  ${arn}`),
        ].join("\n");
  } catch (error) {
    return `which resources in AWS still have the tag of ${infraId} could not be read: ${reasonOf(error)}`;
  }
}
