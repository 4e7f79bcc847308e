import { type ClusterClient, isMissing } from "../../lib/kubernetes/client";
import { hasEnded, SCHEDULE_LABEL, type VeleroItem, veleroPath } from "../../steps/velero/api";

/** A backup in the cluster's list, which Velero fills from the bucket. */
export interface ListedBackup {
  readonly name: string;
  readonly phase: string;
  /** Undefined for a backup that somebody made by hand. */
  readonly schedule?: string;
  readonly started?: string;
  readonly expires?: string;
  readonly objects?: number;
  readonly errors: number;
  /** Namespaces and patterns of the backup; empty for all. */
  readonly included: readonly string[];
  readonly excluded: readonly string[];
}

/** All backups, the newest first. @throws Error if the cluster has no Velero, or if the API refuses the list */
export async function listBackups(client: Pick<ClusterClient, "list">): Promise<readonly ListedBackup[]> {
  const found = await client.list<VeleroItem>(veleroPath("backups")).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    throw new Error("this cluster has no Velero: set veleroSchedules, and run pulumi up (docs/velero.md)", { cause: error });
  });
  return found.map(listed).sort((one, other) => ((one.started ?? "") < (other.started ?? "") ? 1 : -1));
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

/** The expression of a namespace pattern: `*` is any text, `?` one character. Every other character is itself. */
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
