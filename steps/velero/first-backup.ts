import { LOCATION, VELERO_API } from "../../cluster-objects/velero/names";
import { VELERO_NAMESPACE } from "../../config/velero/settings";
import { type Clock, systemClock } from "../../lib/clock";
import type { ClusterClient } from "../../lib/kubernetes/client";
import { TolerantReader } from "../../lib/temporary-error";
import { hasEnded, PAUSE_MS, reasonFor, SCHEDULE_LABEL, timedName, type VeleroItem, veleroPath, type VeleroStatus } from "./api";
import { createOnce } from "./create";
import { readResults } from "./results";
import { waitForEnd } from "./wait";

/** The request of the program `velero-first-backup`. */
export interface FirstBackup {
  /** Name of the schedule. */
  readonly schedule: string;
}

export interface FirstBackupContext {
  readonly client: Pick<ClusterClient, "get" | "list" | "send" | "delete">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
}

/** Minutes until the bucket must be available: AWS accepts a new key or role after seconds to minutes, and Velero looks once a minute. */
const LOCATION_MINUTES = 10;

/**
 * The phase of a backup whose objects are stored while AWS still copies the snapshots: for a large volume that takes hours (vmware-tanzu/velero,
 * `pkg/apis/velero/v1/backup_types.go`, v1.18.3). After an error the phase has another name.
 */
const SNAPSHOTS_GO_ON = "WaitingForPluginOperations";

/** Minutes until the objects of the first backup must be stored; this project's choice. */
const BACKUP_MINUTES = 120;

/** Number of Velero's messages in an error. */
const SHOWN = 5;

interface Location {
  readonly status?: { readonly phase?: string; readonly message?: string };
}

/**
 * Makes the first backup of a schedule, as `velero backup create --from-schedule` does, and waits until its objects are stored. A backup that the
 * schedule has made meanwhile, or that an interrupted run has begun, counts.
 *
 * @throws Error with Velero's reason if the bucket is not available, if Velero refuses the schedule, or if the backup is not complete
 */
export async function makeFirstBackup({ schedule: name }: FirstBackup, context: FirstBackupContext): Promise<void> {
  const { client, say, clock = systemClock } = context;
  await waitForLocation(context);
  const schedule = await client.get<VeleroItem>(veleroPath("schedules", name));
  if (schedule === undefined)
    throw new Error(`the schedule ${VELERO_NAMESPACE}/${name} does not exist in the cluster. Run pulumi up again`);
  if (schedule.status?.phase === "FailedValidation") throw new Error(`Velero refuses the schedule ${name}: ${reasonFor(schedule.status)}`);
  const begun = await backupOf(schedule, client);
  const backup = begun ?? (await create(schedule, { client, say, clock }));
  if (begun === undefined) say(`the backup ${backup} begins`);
  const status = await waitForEnd("backup", backup, { client, say, clock, timeoutMinutes: BACKUP_MINUTES, alsoEnds: [SNAPSHOTS_GO_ON] });
  const objects = status.progress?.itemsBackedUp ?? 0;
  if (status.phase === SNAPSHOTS_GO_ON) {
    say(`the backup ${backup} has ${objects} objects; AWS goes on with the snapshots of volumes`);
    return;
  }
  if (status.phase !== "Completed") throw new Error(await failure(backup, status, context));
  if (objects === 0)
    throw new Error(
      `the first backup ${backup} has no objects: no namespace matches includedNamespaces and excludedNamespaces of the schedule. Correct these lists in veleroSchedules`,
    );
  say(`the backup ${backup} is complete: ${objects} objects`);
}

async function waitForLocation({ client, say, clock = systemClock }: FirstBackupContext): Promise<void> {
  let last = "";
  const reader = new TolerantReader({ of: `the location ${LOCATION}`, say, now: clock.now });
  for (const deadline = clock.now() + LOCATION_MINUTES * 60_000; ;) {
    const read = await reader.read(() => client.get<Location>(veleroPath("backupstoragelocations", LOCATION)));
    const { phase, message } = read?.answer?.status ?? {};
    if (phase === "Available") return;
    const state = phase === undefined ? "Velero has not looked at the bucket yet" : `the bucket is ${phase}: ${message ?? "no reason"}`;
    if (state !== last) say(state);
    last = state;
    if (clock.now() > deadline)
      throw new Error(
        `Velero can't use the bucket after ${LOCATION_MINUTES} minutes. ${state}. ` +
          `See oc logs -n ${VELERO_NAMESPACE} deployment/velero and oc get pods -n ${VELERO_NAMESPACE}; then run pulumi up again`,
      );
    await clock.pause(PAUSE_MS);
  }
}

/** The newest backup of the schedule that is complete, or has not ended yet. Backups from before the schedule existed do not count. */
async function backupOf({ metadata }: VeleroItem, client: Pick<ClusterClient, "list">): Promise<string | undefined> {
  const label = encodeURIComponent(`${SCHEDULE_LABEL}=${metadata.name}`);
  const all = await client.list<VeleroItem>(`${veleroPath("backups")}?labelSelector=${label}`);
  const since = Date.parse(metadata.creationTimestamp ?? "");
  const own = all.filter(
    ({ status, metadata: { creationTimestamp = "" } }) => Date.parse(status?.startTimestamp ?? creationTimestamp) >= since,
  );
  const found =
    own.find(({ status }) => status?.phase === "Completed") ??
    own.find(({ status }) => !hasEnded(status?.phase) && status?.phase !== "Deleting");
  return found?.metadata.name;
}

/** Creates a backup from a schedule (vmware-tanzu/velero, `pkg/builder/backup_builder.go`: FromSchedule, release-1.18). */
async function create({ metadata, spec }: VeleroItem, context: Parameters<typeof createOnce>[2]): Promise<string> {
  const name = timedName(metadata.name, context.clock.now());
  const labels = { ...metadata.labels, [SCHEDULE_LABEL]: metadata.name };
  const backup = { apiVersion: VELERO_API, kind: "Backup", metadata: { name, namespace: VELERO_NAMESPACE, labels }, spec: spec?.template };
  await createOnce("backup", backup, context);
  return name;
}

async function failure(backup: string, status: VeleroStatus, { client, clock }: FirstBackupContext): Promise<string> {
  const results = status.phase === "FailedValidation" ? { errors: [] } : await readResults("Backup", backup, client, clock);
  const errors = "errors" in results ? results.errors.slice(0, SHOWN) : [`its errors can't be read: ${results.unread}`];
  return [
    `the first backup ${backup} is ${status.phase ?? ""}, not Completed: ${reasonFor(status)}`,
    ...errors.map((text) => `- ${text}`),
    "Correct the cause, then run pulumi up again: it makes another backup.",
  ].join("\n");
}
