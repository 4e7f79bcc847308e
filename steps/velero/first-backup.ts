import { VELERO_API } from "../../cluster-objects/velero/names";
import { OWN_LOCATION } from "../../config/velero/fields";
import { type Clock, systemClock } from "../../lib/clock";
import type { ClusterClient } from "../../lib/kubernetes/client";
import { hasEnded, reasonFor, SCHEDULE_LABEL, timedName, type VeleroItem, type VeleroName, veleroPath, type VeleroStatus } from "./api";
import { createOnce } from "./create";
import { waitForLocation } from "./location";
import { waitForNodeAgent } from "./node-agent";
import { readResults } from "./results";
import { waitForEnd } from "./wait";

/** The request of the program `velero-first-backup`. */
export interface FirstBackup {
  /** Velero's namespace. */
  readonly namespace: string;
  /** Name of the schedule. */
  readonly schedule: string;
  /** Whether the node agent copies files for this schedule; default: false. */
  readonly files?: boolean;
}

export interface FirstBackupContext {
  readonly client: Pick<ClusterClient, "get" | "list" | "send" | "delete">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
}

/**
 * The phase of a backup whose objects are stored while AWS still copies the snapshots: for a large volume that takes hours (vmware-tanzu/velero,
 * `pkg/apis/velero/v1/backup_types.go`, v1.18.3). After an error the phase has another name.
 */
const SNAPSHOTS_GO_ON = "WaitingForPluginOperations";

/** Minutes until the objects of the first backup must be stored; this project's choice. */
const BACKUP_MINUTES = 120;

/** Maximum number of Velero's messages in an error. */
const SHOWN = 5;

/**
 * Makes the first backup of a schedule, as `velero backup create --from-schedule` does, and waits until its objects are stored. If the schedule has
 * made a backup meanwhile, or an interrupted run has begun one, waits for that backup instead.
 *
 * @throws Error with Velero's reason if the bucket is not available, if the node agent is needed and does not run on some node, if Velero refuses the schedule, or if the backup is not complete
 */
export async function makeFirstBackup(
  { namespace, schedule: name, files = false }: FirstBackup,
  context: FirstBackupContext,
): Promise<void> {
  const { client, say, clock = systemClock } = context;
  await waitForLocation({ namespace, location: OWN_LOCATION }, { client, say, clock });
  if (files) await waitForNodeAgent(namespace, { client, say, clock });
  const schedule = await client.get<VeleroItem>(veleroPath(namespace, "schedules", name));
  if (schedule === undefined) throw new Error(`the schedule ${namespace}/${name} does not exist in the cluster. Run pulumi up again`);
  if (schedule.status?.phase === "FailedValidation") throw new Error(`Velero refuses the schedule ${name}: ${reasonFor(schedule.status)}`);
  const begun = await backupOf(schedule, namespace, client);
  const backup = begun ?? (await create(schedule, namespace, { client, say, clock }));
  if (begun === undefined) say(`the backup ${backup} begins`);
  const status = await waitForEnd(
    "backup",
    { name: backup, namespace },
    { client, say, clock, timeoutMinutes: BACKUP_MINUTES, alsoEnds: [SNAPSHOTS_GO_ON] },
  );
  const objects = status.progress?.itemsBackedUp ?? 0;
  if (status.phase === SNAPSHOTS_GO_ON) {
    say(`the backup ${backup} has ${objects} objects; AWS goes on with the snapshots of volumes`);
    return;
  }
  if (status.phase !== "Completed") throw new Error(await failure({ name: backup, namespace }, status, context));
  if (objects === 0)
    throw new Error(
      `the first backup ${backup} has no objects: no namespace matches includedNamespaces and excludedNamespaces of the schedule. Correct these lists in veleroSchedules`,
    );
  say(`the backup ${backup} is complete: ${objects} objects`);
}

/**
 * The newest backup of the schedule that is complete, or has not ended yet. Two sorts of backups are left out: those from before the schedule
 * existed, and those in another cluster's bucket that this cluster reads, where a schedule may have the same name.
 */
async function backupOf({ metadata }: VeleroItem, namespace: string, client: Pick<ClusterClient, "list">): Promise<string | undefined> {
  const label = encodeURIComponent(`${SCHEDULE_LABEL}=${metadata.name}`);
  const all = await client.list<VeleroItem>(`${veleroPath(namespace, "backups")}?labelSelector=${label}`);
  const since = Date.parse(metadata.creationTimestamp ?? "");
  const own = all
    .filter(({ spec }) => spec?.storageLocation === OWN_LOCATION)
    .filter(({ status, metadata: { creationTimestamp = "" } }) => Date.parse(status?.startTimestamp ?? creationTimestamp) >= since);
  const found =
    own.find(({ status }) => status?.phase === "Completed") ??
    own.find(({ status }) => !hasEnded(status?.phase) && status?.phase !== "Deleting");
  return found?.metadata.name;
}

/** Creates a backup from a schedule (vmware-tanzu/velero, `pkg/builder/backup_builder.go`: FromSchedule, release-1.18). */
async function create({ metadata, spec }: VeleroItem, namespace: string, context: Parameters<typeof createOnce>[2]): Promise<string> {
  const name = timedName(metadata.name, context.clock.now());
  const labels = { ...metadata.labels, [SCHEDULE_LABEL]: metadata.name };
  const backup = { apiVersion: VELERO_API, kind: "Backup", metadata: { name, namespace, labels }, spec: spec?.template };
  await createOnce("backup", backup, context);
  return name;
}

async function failure(backup: VeleroName, status: VeleroStatus, { client, clock }: FirstBackupContext): Promise<string> {
  const results = status.phase === "FailedValidation" ? { errors: [] } : await readResults("Backup", backup, client, clock);
  const errors = "errors" in results ? results.errors.slice(0, SHOWN) : [`its errors can't be read: ${results.unread}`];
  return [
    `the first backup ${backup.name} is ${status.phase ?? ""}, not Completed: ${reasonFor(status)}`,
    ...errors.map((text) => `- ${text}`),
    "Correct the cause, then run pulumi up again: it makes another backup.",
  ].join("\n");
}
