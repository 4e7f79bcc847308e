import { VELERO_API } from "../../cluster-objects/velero/names";
import type { ApiItem } from "../../lib/kubernetes/client";

/** The path of Velero's objects of a kind, such as `backups`, in its namespace. */
export function veleroPath(namespace: string, plural: string, name?: string): string {
  return `/apis/${VELERO_API}/namespaces/${namespace}/${plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}

/** Name and namespace of one of Velero's objects. */
export interface VeleroName {
  readonly name: string;
  readonly namespace: string;
}

/** Milliseconds between two reads of an object. */
export const PAUSE_MS = 2000;

/** A name in the form that Velero gives to the backups of a schedule: a prefix and the time in UTC, to the second. */
export function timedName(prefix: string, now: number): string {
  return `${prefix}-${new Date(now).toISOString().replaceAll(/\D/g, "").slice(0, 14)}`;
}

/** The label of a backup with the name of its schedule. */
export const SCHEDULE_LABEL = "velero.io/schedule-name";

/** The label of a backup with the name of its location. */
export const LOCATION_LABEL = "velero.io/storage-location";

/** A phase in which a backup or a restore has ended (vmware-tanzu/velero, `pkg/apis/velero/v1/{backup,restore}_types.go`, release-1.18). */
const ENDED = ["Completed", "PartiallyFailed", "Failed", "FailedValidation"];

/** The fields that the status of a backup and the status of a restore have in common. */
export interface VeleroStatus {
  readonly phase?: string;
  readonly failureReason?: string;
  readonly validationErrors?: readonly string[];
  readonly errors?: number;
  readonly warnings?: number;
  readonly startTimestamp?: string;
  readonly completionTimestamp?: string;
  readonly expiration?: string;
  readonly progress?: {
    readonly totalItems?: number;
    readonly itemsBackedUp?: number;
    readonly itemsRestored?: number;
  };
}

/** A backup, a restore or a schedule. */
export interface VeleroItem extends ApiItem {
  readonly metadata: ApiItem["metadata"] & { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: VeleroStatus;
}

export function hasEnded(phase: string | undefined): boolean {
  return phase !== undefined && ENDED.includes(phase);
}

/** Velero's own reason for a phase; the phase's name if there is none. */
export function reasonFor({ phase = "New", failureReason, validationErrors = [], errors = 0 }: VeleroStatus): string {
  if (failureReason !== undefined && failureReason !== "") return failureReason;
  if (validationErrors.length > 0) return validationErrors.join("; ");
  return errors > 0 ? `${errors} error${errors === 1 ? "" : "s"}` : `its phase is ${phase}`;
}
