import { type Clock, systemClock } from "../../lib/clock";
import type { ClusterClient } from "../../lib/kubernetes/client";
import { waitFor } from "../../lib/wait-for";
import { LOCATION_LABEL, PAUSE_MS, SCHEDULE_LABEL, type VeleroItem, veleroPath } from "./api";

/** A location. */
export interface LocationRequest {
  /** Velero's namespace. */
  readonly namespace: string;
  readonly location: string;
}

/** The request of the program `velero-location`. */
export interface ReadLocation extends LocationRequest {
  /** Names of the cluster's own schedules. */
  readonly schedules: readonly string[];
}

export interface LocationContext {
  readonly client: Pick<ClusterClient, "get" | "list">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
}

/** A BackupStorageLocation. */
export interface Location {
  readonly status?: { readonly phase?: string; readonly message?: string; readonly lastSyncedTime?: string };
}

/** Minutes until a bucket must be available: AWS accepts a new key or role after seconds to minutes, and Velero checks the bucket once a minute. */
const LOCATION_MINUTES = 10;

/**
 * Waits until Velero can use a bucket.
 *
 * @param done decides whether the location is ready; by default, if it is available
 * @throws Error with Velero's reason if it can't use the bucket in time
 */
export async function waitForLocation(
  { namespace, location }: LocationRequest,
  { client, say, clock = systemClock }: Omit<LocationContext, "client"> & { readonly client: Pick<ClusterClient, "get"> },
  done: (location: Location) => boolean = isAvailable,
): Promise<void> {
  await waitFor({
    of: `the location ${location}`,
    minutes: LOCATION_MINUTES,
    pauseMs: PAUSE_MS,
    say,
    clock,
    unread: locationState(undefined),
    look: async () => {
      const found = await client.get<Location>(veleroPath(namespace, "backupstoragelocations", location));
      return found !== undefined && done(found) ? { done: undefined } : { state: locationState(found) };
    },
    failure: (state) =>
      new Error(
        `Velero can't use the bucket of the location ${location} after ${LOCATION_MINUTES} minutes. ${state}. ` +
          `See oc logs -n ${namespace} deployment/velero and oc get pods -n ${namespace}; then run pulumi up again`,
      ),
  });
}

/**
 * Waits until Velero has listed the backups in the bucket of a read-only location. Warns if the backups belong to schedules with the same names as
 * this cluster's schedules: Velero counts them as backups of this cluster's schedules (vmware-tanzu/velero, `pkg/controller/backup_controller.go`:
 * getLastSuccessBySchedule, release-1.18).
 *
 * @throws Error with Velero's reason if it can't use the bucket in time
 */
export async function readLocation(request: ReadLocation, { client, say, clock = systemClock }: LocationContext): Promise<void> {
  const since = clock.now();
  // A list from before this wait is ignored, because the location may have changed since.
  const isListed = (location: Location) =>
    isAvailable(location) && Date.parse(location.status?.lastSyncedTime ?? "") >= since - CLOCK_SKEW_MS;
  await waitForLocation(request, { client, say, clock }, isListed);
  const label = encodeURIComponent(`${LOCATION_LABEL}=${request.location}`);
  const backups = await client.list<VeleroItem>(`${veleroPath(request.namespace, "backups")}?labelSelector=${label}`);
  say(`the location ${request.location} has ${backups.length} backups`);
  const theirs = new Set(backups.map(({ metadata }) => metadata.labels?.[SCHEDULE_LABEL]));
  const shared = request.schedules.filter((name) => theirs.has(name));
  if (shared.length > 0)
    say(
      `warning: backups of the location ${request.location} belong to schedules with the names of this cluster's: ${shared.join(", ")}. ` +
        "VeleroBackupMissed does not fire while those backups are new. Rename this cluster's schedules",
    );
}

/** Milliseconds by which the cluster's clock may be behind; this project's choice. */
const CLOCK_SKEW_MS = 30_000;

export function isAvailable({ status }: Location): boolean {
  return status?.phase === "Available";
}

/** The state of a location in words. */
export function locationState(location: Location | undefined): string {
  const { phase, message } = location?.status ?? {};
  if (phase === undefined) return "Velero has not looked at the bucket yet";
  return phase === "Available" ? "Velero has not listed the backups yet" : `the bucket is ${phase}: ${message ?? "no reason"}`;
}
