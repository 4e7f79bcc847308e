import { VELERO_API } from "../../cluster-objects/velero/names";
import { backupSchedule } from "../../cluster-objects/velero/storage";
import { EXAMPLE_NAMESPACE } from "../../config/example-application/settings";
import { DEFAULT_CRON, VELERO_NAMESPACE } from "../../config/velero/settings";
import { isMissing } from "../../lib/kubernetes/client";
import { reasonFor, timedName, type VeleroItem, veleroPath } from "../../steps/velero/api";
import { createOnce } from "../../steps/velero/create";
import { waitForEnd } from "../../steps/velero/wait";
import { checkRestore, restoreNamespace } from "../restore-resources/restore";
import type { ClusterContext } from "./cluster";

/** Minutes until the backup must have ended: AWS copies a snapshot of 1 GiB in minutes. This project's choice. */
const BACKUP_MINUTES = 60;

/** Days after which Velero deletes the backup if an interrupted run could not. */
const RETENTION_DAYS = 1;

/** Why no backup is made; undefined if Velero backs up volumes in this cluster. */
export async function whyNoBackup({ client }: Pick<ClusterContext, "client">): Promise<string | undefined> {
  const schedules = await client.list<VeleroItem>(veleroPath("schedules")).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    return undefined;
  });
  if (schedules === undefined) return "the cluster has no Velero: set veleroSchedules (docs/velero.md)";
  const withVolumes = schedules.some(({ spec }) => (spec?.template as { snapshotVolumes?: boolean } | undefined)?.snapshotVolumes === true);
  return withVolumes ? undefined : "no schedule of Velero has volumes: true, so a restored database would be empty";
}

/** Backs up the example application with its volume. @returns the backup's name @throws Error if the backup is not complete */
export async function backUpExample({ client, say, clock }: ClusterContext): Promise<string> {
  const name = timedName("smoke", clock.now());
  const schedule = backupSchedule({
    name,
    cron: DEFAULT_CRON,
    retentionDays: RETENTION_DAYS,
    includedNamespaces: [EXAMPLE_NAMESPACE],
    excludedNamespaces: [],
    clusterResources: false,
    volumes: true,
  });
  const { template } = schedule.spec as { readonly template: object };
  const backup = { apiVersion: VELERO_API, kind: "Backup", metadata: { name, namespace: VELERO_NAMESPACE }, spec: template };
  await createOnce("backup", backup, { client, say, clock });
  const status = await waitForEnd("backup", name, { client, say, clock, timeoutMinutes: BACKUP_MINUTES });
  if (status.phase !== "Completed") throw new Error(`the backup ${name} is ${status.phase ?? ""}: ${reasonFor(status)}`);
  return name;
}

const wantedOf = (backup: string) => ({ backup, from: EXAMPLE_NAMESPACE, to: EXAMPLE_NAMESPACE, emptyVolumes: false });

/** Checks that the backup has the namespace and the content of its volume. @throws Error if it does not */
export async function checkBackup(backup: string, context: ClusterContext): Promise<void> {
  await checkRestore(wantedOf(backup), context);
}

/** Restores the example application. @throws Error with Velero's errors if it is not complete */
export async function restoreExample(backup: string, context: ClusterContext): Promise<void> {
  const { complete, errors } = await restoreNamespace(wantedOf(backup), { emptyVolumes: [] }, context);
  if (!complete) throw new Error(`the example application is not restored completely:\n${errors.map((text) => `  ${text}`).join("\n")}`);
}

/** Asks Velero to delete the backup with its snapshot (vmware-tanzu/velero, `pkg/apis/velero/v1/delete_backup_request_types.go`, release-1.18). */
export async function deleteBackup(backup: string, { client }: Pick<ClusterContext, "client">): Promise<void> {
  const found = await client.get<VeleroItem>(veleroPath("backups", backup));
  if (found === undefined) return;
  await client.send("POST", veleroPath("deletebackuprequests"), {
    apiVersion: VELERO_API,
    kind: "DeleteBackupRequest",
    metadata: {
      generateName: `${backup}-`,
      namespace: VELERO_NAMESPACE,
      labels: { "velero.io/backup-name": backup, "velero.io/backup-uid": found.metadata.uid },
    },
    spec: { backupName: backup },
  });
}
