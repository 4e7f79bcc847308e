import { VELERO_API } from "../../cluster-objects/velero/names";
import { backupSchedule } from "../../cluster-objects/velero/storage";
import { EXAMPLE_NAMESPACE } from "../../config/example-application/settings";
import { OWN_LOCATION } from "../../config/velero/fields";
import { DEFAULT_CRON, VELERO_NAMESPACES } from "../../config/velero/settings";
import { isMissing } from "../../lib/kubernetes/client";
import { reasonFor, timedName, type VeleroItem, type VeleroName, veleroPath } from "../../steps/velero/api";
import { createOnce } from "../../steps/velero/create";
import { waitForEnd } from "../../steps/velero/wait";
import { checkRestore, restoreNamespace } from "../restore-resources/restore";
import type { ClusterContext } from "./cluster";

/** Maximum number of minutes for the backup. AWS needs only minutes to copy a snapshot of 1 GiB. This project's choice. */
const BACKUP_MINUTES = 60;

/**
 * Days after which Velero deletes the backup with its snapshot. After a failed restore it may be the only copy of the application, and its
 * expiration can't be moved: Velero calculates it when the backup starts (vmware-tanzu/velero, `pkg/controller/backup_controller.go`, main). A
 * run that succeeds deletes the backup itself.
 */
const RETENTION_DAYS = 30;

/** The namespace of a Velero that backs up volumes; or the reason why no backup is made. */
export type UsableVelero = { readonly namespace: string } | { readonly reason: string };

/** A backup that this program has made. */
export interface SmokeBackup extends VeleroName {
  /** When Velero deletes it. */
  readonly expires: string;
}

/** Looks for a Velero that backs up volumes in this cluster. */
export async function findUsableVelero({ client }: Pick<ClusterContext, "client">): Promise<UsableVelero> {
  const found: { namespace: string; schedules: readonly VeleroItem[] }[] = [];
  for (const namespace of VELERO_NAMESPACES)
    found.push({ namespace, schedules: await client.list<VeleroItem>(veleroPath(namespace, "schedules")).catch(noneIfMissing) });
  const all = found.filter(({ schedules }) => schedules.length > 0);
  if (all.length === 0) return { reason: "the cluster has no schedule of Velero: set veleroSchedules (docs/velero.md)" };
  const usable = all.find(({ schedules }) => schedules.some(backsUpVolumes));
  return usable ?? { reason: "no schedule of Velero has volumes: true, so a restored database would be empty" };
}

function noneIfMissing(error: unknown): readonly VeleroItem[] {
  if (!isMissing(error)) throw error;
  return [];
}

function backsUpVolumes({ spec }: VeleroItem): boolean {
  return (spec?.template as { snapshotVolumes?: boolean } | undefined)?.snapshotVolumes === true;
}

/**
 * Backs up the example application with its volume.
 *
 * @param namespace Velero's namespace
 * @throws Error if the backup is not complete
 */
export async function backUpExample(namespace: string, { client, say, clock }: ClusterContext): Promise<SmokeBackup> {
  const name = timedName("smoke", clock.now());
  const schedule = backupSchedule(
    {
      name,
      cron: DEFAULT_CRON,
      retentionDays: RETENTION_DAYS,
      includedNamespaces: [EXAMPLE_NAMESPACE],
      excludedNamespaces: [],
      clusterResources: false,
      volumes: true,
      fileSystemBackup: false,
    },
    namespace,
  );
  const { template } = schedule.spec as { readonly template: object };
  const backup = { apiVersion: VELERO_API, kind: "Backup", metadata: { name, namespace }, spec: template };
  await createOnce("backup", backup, { client, say, clock });
  const status = await waitForEnd("backup", { name, namespace }, { client, say, clock, timeoutMinutes: BACKUP_MINUTES });
  if (status.phase !== "Completed") throw new Error(`the backup ${name} is ${status.phase ?? ""}: ${reasonFor(status)}`);
  return { name, namespace, expires: status.expiration ?? `${RETENTION_DAYS} days after it began` };
}

/** The command that restores the example application from a backup. */
export function restoreCommand(stack: string, { name }: VeleroName): string {
  return `make restore-resources STACK=${stack} BACKUP=${name} NAMESPACE=${EXAMPLE_NAMESPACE}`;
}

const wantedOf = ({ name }: VeleroName) => ({
  backup: name,
  from: EXAMPLE_NAMESPACE,
  to: EXAMPLE_NAMESPACE,
  emptyVolumes: false,
  location: OWN_LOCATION,
});

/** Checks that the backup has the namespace and the content of its volume. @throws Error if it does not */
export async function checkBackup(backup: VeleroName, context: ClusterContext): Promise<void> {
  await checkRestore(wantedOf(backup), backup.namespace, context);
}

/** Restores the example application. @throws Error with Velero's errors if it is not complete */
export async function restoreExample(backup: VeleroName, context: ClusterContext): Promise<void> {
  const { namespace } = backup;
  const { complete, errors } = await restoreNamespace(wantedOf(backup), { namespace, emptyVolumes: [] }, context);
  if (!complete) throw new Error(`the example application is not restored completely:\n${errors.map((text) => `  ${text}`).join("\n")}`);
}

/** Asks Velero to delete the backup with its snapshot (vmware-tanzu/velero, `pkg/apis/velero/v1/delete_backup_request_types.go`, release-1.18). */
export async function deleteBackup({ name, namespace }: VeleroName, { client }: Pick<ClusterContext, "client">): Promise<void> {
  const found = await client.get<VeleroItem>(veleroPath(namespace, "backups", name));
  if (found === undefined) return;
  await client.send("POST", veleroPath(namespace, "deletebackuprequests"), {
    apiVersion: VELERO_API,
    kind: "DeleteBackupRequest",
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: { "velero.io/backup-name": name, "velero.io/backup-uid": found.metadata.uid },
    },
    spec: { backupName: name },
  });
}
