import { type Resource, textValue } from "../../lib/pulumi/resource";
import type { Markup } from "../../lib/markup";
import { alert, note, section, tableMarkup } from "./section";

/** A backup: an object in a backup bucket. */
export interface Backup {
  readonly key: string;
  readonly bytes: number;
  readonly stored: Date;
}

/** By bucket: its newest backups, or the reason why they are unknown. */
export type Backups = Readonly<Record<string, readonly Backup[] | string>>;

/** Maximum number of backups shown per bucket; this project's choice. */
export const MAX_BACKUPS = 5;

/** Names of the buckets with etcd backups, as far as they are known. */
export function backupBuckets(resources: readonly Resource[]): string[] {
  return resources
    .filter(({ type, urn }) => type === "aws:s3/bucket:Bucket" && urn.includes("okd:storage:EtcdBackup$"))
    .flatMap(({ inputs, outputs, id }) => textValue(inputs.bucket) ?? textValue(outputs?.bucket) ?? id ?? [])
    .sort();
}

export function backupsSection(backups: Backups): Markup {
  const buckets = Object.entries(backups);
  if (buckets.length === 0) return section("Backups", note(alert("etcd isn't backed up"), ": the stack has no bucket for it."));
  return section(
    "Backups",
    ...buckets.flatMap(([bucket, found]) => [
      note(
        `Bucket ${bucket}: `,
        typeof found === "string" ? `unknown: ${found}` : found.length === 0 ? alert("it contains no backup") : "newest first",
      ),
      ...(typeof found === "string" || found.length === 0
        ? []
        : [
            tableMarkup(
              ["Object", "Stored", "MiB"],
              found.map(({ key, stored, bytes }) => [key, stored.toISOString().replace(/\.\d+Z$/, "Z"), (bytes / 2 ** 20).toFixed(1)]),
              [2],
            ),
          ]),
    ]),
  );
}
