import { type Resource, textValue } from "../../lib/pulumi/resource";
import { typesOf } from "../../lib/pulumi/urn";
import type { Markup } from "../../lib/markup";
import { alert, note, section, tableMarkup } from "./section";

/** A backup: an object in a backup bucket. */
export interface Backup {
  readonly key: string;
  readonly bytes: number;
  readonly stored: Date;
}

/** For each bucket, by its name: the newest backups, or the reason why they are unknown. */
export type Backups = Readonly<Record<string, readonly Backup[] | string>>;

/** Maximum number of backups shown per bucket; this project's choice. */
export const MAX_BACKUPS = 5;

/** A bucket with backups. */
export interface BucketWithBackups {
  readonly name: string;
  /** Who writes the backups. */
  readonly of: "etcd" | "Velero";
}

/** The buckets with the backups of etcd and of Velero, as far as their names are known, sorted by name. */
export function backupBuckets(resources: readonly Resource[]): BucketWithBackups[] {
  const bucketsOf = (of: BucketWithBackups["of"], component: string) =>
    resources
      .filter(({ type, urn }) => type === "aws:s3/bucket:Bucket" && typesOf(urn).includes(component))
      .flatMap(({ inputs, outputs, id }) => textValue(inputs.bucket) ?? textValue(outputs?.bucket) ?? id ?? [])
      .map((name): BucketWithBackups => ({ name, of }));
  return [...bucketsOf("etcd", "okd:storage:EtcdBackup"), ...bucketsOf("Velero", "okd:cluster:VeleroStorage")].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
}

/** Velero's file with the objects of a backup; its other files describe the backup (vmware-tanzu/velero, `pkg/persistence/object_store_layout.go`, release-1.18). */
const VELERO_CONTENT = /^backups\/([^/]+)\/\1\.tar\.gz$/;

/** Whether an object in a bucket is a backup. In a bucket of etcd's backups every object is one. */
export function isBackup(of: BucketWithBackups["of"], key: string): boolean {
  return of === "etcd" || VELERO_CONTENT.test(key);
}

/** @param buckets the buckets that the stack has */
export function backupsSection(backups: Backups, buckets: readonly BucketWithBackups[]): Markup {
  return section(
    "Backups",
    ...(buckets.some((bucket) => bucket.of === "etcd") ? [] : [note(alert("etcd isn't backed up"), ": the stack has no bucket for it.")]),
    ...listsOf(backups),
  );
}

/** For each bucket a table of its newest backups, or the reason why they are unknown. */
function listsOf(backups: Backups): Markup[] {
  return [
    ...Object.entries(backups).flatMap(([bucket, found]) => [
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
  ];
}
