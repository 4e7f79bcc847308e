import { VELERO_API } from "../../cluster-objects/velero/names";
import { VELERO_NAMESPACE } from "../../config/velero/settings";
import { type Clock, systemClock } from "../../lib/clock";
import type { ClusterClient } from "../../lib/kubernetes/client";
import { reasonFor, veleroPath, type VeleroStatus } from "../../steps/velero/api";
import { type Messages, readResults } from "../../steps/velero/results";
import { waitForEnd } from "../../steps/velero/wait";
import type { NamespaceRestore } from "./arguments";
import { backupTable, canBeRestored, containsNamespace, listBackups, type ListedBackup } from "./backups";

export interface RestoreContext {
  readonly client: Pick<ClusterClient, "get" | "list" | "send" | "delete">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
}

/** The outcome of a restore. */
export interface RestoreOutcome {
  /** Name of the Restore object. */
  readonly restore: string;
  readonly phase: string;
  /** Objects that Velero has restored or found in place. */
  readonly objects: number;
  readonly errors: Messages;
  readonly warnings: Messages;
  /** Whether the whole namespace is there. */
  readonly complete: boolean;
}

/** Minutes until a restore must have ended; volumes are created from snapshots meanwhile. This project's choice. */
const RESTORE_MINUTES = 120;

/**
 * Checks that a namespace can be restored.
 *
 * @returns the backup, and whether the namespace to restore to exists
 * @throws Error that names the backups that exist, or the reason why this one can't be used
 */
export async function checkRestore(
  { backup: name, from, to }: NamespaceRestore,
  { client }: RestoreContext,
): Promise<{ readonly backup: ListedBackup; readonly exists: boolean }> {
  const backups = await listBackups(client);
  const backup = backups.find((each) => each.name === name);
  if (backup === undefined) throw new Error(`there is no backup ${name}. These exist:\n${backupTable(backups)}`);
  if (!canBeRestored(backup)) throw new Error(`the backup ${name} is ${backup.phase}, so nothing can be restored from it`);
  if (!containsNamespace(backup, from))
    throw new Error(
      `the backup ${name} does not contain the namespace ${from}: it includes ${listOf(backup.included, "all")}, and excludes ${listOf(backup.excluded, "none")}`,
    );
  return { backup, exists: (await client.get(`/api/v1/namespaces/${to}`)) !== undefined };
}

/** Restores a namespace, and waits for the end. */
export async function restoreNamespace(wanted: NamespaceRestore, context: RestoreContext): Promise<RestoreOutcome> {
  const { client, say, clock = systemClock } = context;
  const object = restoreObject(wanted, clock.now());
  const { name } = object.metadata;
  await client.send("POST", veleroPath("restores"), object);
  say(`the restore ${name} begins`);
  const status = await waitForEnd("restore", name, { client, say, clock, timeoutMinutes: RESTORE_MINUTES });
  return outcomeOf(name, status, context);
}

/** The Restore object (vmware-tanzu/velero, `pkg/apis/velero/v1/restore_types.go`, release-1.18). Existing objects are not changed. */
export function restoreObject({ backup, from, to }: NamespaceRestore, now: number) {
  const name = `${backup}-${new Date(now).toISOString().replaceAll(/\D/g, "").slice(0, 14)}`;
  return {
    apiVersion: VELERO_API,
    kind: "Restore",
    metadata: { name, namespace: VELERO_NAMESPACE },
    spec: { backupName: backup, includedNamespaces: [from], ...(to !== from && { namespaceMapping: { [from]: to } }) },
  };
}

async function outcomeOf(restore: string, status: VeleroStatus, { client, clock }: RestoreContext): Promise<RestoreOutcome> {
  const { phase = "" } = status;
  const objects = status.progress?.itemsRestored ?? 0;
  const results = phase === "FailedValidation" ? { errors: [], warnings: [] } : await readResults("Restore", restore, client, clock);
  const read = "unread" in results ? { errors: [], warnings: [`the messages of the restore can't be read: ${results.unread}`] } : results;
  const failed = phase === "Completed" ? [] : [`the restore is ${phase}: ${reasonFor(status)}`];
  const nothing =
    phase === "Completed" && objects === 0 ? ["the backup contains no object of this namespace, so nothing was restored"] : [];
  const errors = [...failed, ...nothing, ...read.errors];
  return { restore, phase, objects, errors, warnings: read.warnings, complete: errors.length === 0 };
}

function listOf(names: readonly string[], none: string): string {
  return names.length === 0 ? none : names.join(", ");
}
