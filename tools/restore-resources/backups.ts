import { VELERO } from "../../cluster-objects/velero/names";
import { VELERO_NAMESPACES } from "../../config/velero/settings";
import type { ClusterClient } from "../../lib/kubernetes/client";
import { hasEnded, SCHEDULE_LABEL, type VeleroItem, veleroPath } from "../../steps/velero/api";
import { isAvailable, type Location, locationState } from "../../steps/velero/location";

/** A Backup object in the cluster. Velero creates these objects from the content of the bucket. */
export interface ListedBackup {
  readonly name: string;
  readonly phase: string;
  /** Name of the schedule; undefined for a backup that somebody made by hand. */
  readonly schedule?: string;
  readonly started?: string;
  readonly expires?: string;
  readonly objects?: number;
  readonly errors: number;
  /** Namespaces and patterns of the backup; empty for all. */
  readonly included: readonly string[];
  readonly excluded: readonly string[];
}

/**
 * The namespace in which the cluster's Velero runs: this program's namespace for Velero on OKD, or OADP's namespace.
 *
 * @throws Error if the cluster has no Velero
 */
export async function findVelero(client: Pick<ClusterClient, "get">): Promise<string> {
  for (const namespace of VELERO_NAMESPACES)
    if ((await client.get(`/apis/apps/v1/namespaces/${namespace}/deployments/${VELERO}`)) !== undefined) return namespace;
  throw new Error("this cluster has no Velero: set veleroSchedules, and run pulumi up (docs/velero.md)");
}

/**
 * The backups of a location, the newest first.
 *
 * @throws Error if there is no such location, or if Velero can't use its bucket
 */
export async function listBackups(
  client: Pick<ClusterClient, "get" | "list">,
  namespace: string,
  location: string,
): Promise<readonly ListedBackup[]> {
  await checkLocation(client, namespace, location);
  const found = await client.list<VeleroItem>(veleroPath(namespace, "backups"));
  return found
    .filter(({ spec }) => spec?.storageLocation === location)
    .map(listed)
    .sort((one, other) => ((one.started ?? "") < (other.started ?? "") ? 1 : -1));
}

async function checkLocation(client: Pick<ClusterClient, "get" | "list">, namespace: string, name: string): Promise<void> {
  const found = await client.get<Location>(veleroPath(namespace, "backupstoragelocations", name));
  if (found === undefined) {
    const others = await client.list<VeleroItem>(veleroPath(namespace, "backupstoragelocations"));
    const names = others.map(({ metadata }) => metadata.name).sort();
    throw new Error(
      `the cluster has no location ${name}. Allowed: ${names.join(", ")}. Add it to veleroReadOnlyLocations, and run pulumi up (docs/velero.md)`,
    );
  }
  if (!isAvailable(found)) throw new Error(`the backups of the location ${name} can't be read: ${locationState(found)}`);
}

function listed({ metadata, spec = {}, status = {} }: VeleroItem): ListedBackup {
  const schedule = metadata.labels?.[SCHEDULE_LABEL];
  const { startTimestamp, expiration, progress } = status;
  const { includedNamespaces = [], excludedNamespaces = [] } = spec as Partial<Record<string, readonly string[]>>;
  return {
    name: metadata.name,
    phase: status.phase ?? "New",
    ...(schedule !== undefined && { schedule }),
    ...(startTimestamp !== undefined && { started: startTimestamp }),
    ...(expiration !== undefined && { expires: expiration }),
    ...(progress?.itemsBackedUp !== undefined && { objects: progress.itemsBackedUp }),
    errors: status.errors ?? 0,
    included: includedNamespaces.includes("*") ? [] : includedNamespaces,
    excluded: excludedNamespaces,
  };
}

/** Whether a backup has ended with content that can be restored. */
export function canBeRestored({ phase }: ListedBackup): boolean {
  return hasEnded(phase) && (phase === "Completed" || phase === "PartiallyFailed");
}

/** Whether a backup's lists of namespaces contain a namespace. */
export function containsNamespace({ included, excluded }: Pick<ListedBackup, "included" | "excluded">, namespace: string): boolean {
  const matches = (pattern: string) => patternOf(pattern).test(namespace);
  return (included.length === 0 || included.some(matches)) && !excluded.some(matches);
}

/** The regular expression for a namespace pattern: `*` matches any text, `?` one character, and every other character itself. */
function patternOf(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^$()|[\]{}\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

/** The backups as a table for people. */
export function backupTable(backups: readonly ListedBackup[]): string {
  if (backups.length === 0) return "there are no backups\n";
  const rows = [
    ["backup", "phase", "schedule", "started", "expires", "objects", "errors"],
    ...backups.map(({ name, phase, schedule = "-", started = "-", expires = "-", objects = "-", errors }) =>
      [name, phase, schedule, started, expires, objects, errors].map(String),
    ),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
