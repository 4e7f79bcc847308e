import { VELERO, VELERO_POD } from "../../cluster-objects/velero/names";
import { OWN_LOCATION } from "../../config/velero/fields";
import { type Clock, systemClock } from "../../lib/clock";
import { type ApiItem, type ClusterClient, isMissing } from "../../lib/kubernetes/client";
import { waitFor } from "../../lib/wait-for";
import { LOCATION_LABEL, PAUSE_MS, type VeleroItem, veleroPath } from "./api";

/** The request of the program `velero-removal`, which runs when the objects of Velero's server are deleted. */
export interface VeleroRemoval {
  readonly namespace: string;
  /** Whether Velero's CRDs stay, because an operator has installed them. */
  readonly keepsKinds: boolean;
}

export interface RemovalContext {
  readonly client: Pick<ClusterClient, "get" | "list" | "patch" | "delete">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
}

/** Minutes until the operator's server must be gone: Kubernetes notices a lost node, and ends its pods, within minutes. This project's choice. */
const GONE_MINUTES = 15;

/**
 * Minutes until no backup of a removed location is left in the cluster, and milliseconds without a new backup after which Velero creates no more.
 * Velero needs about a second for each backup that it lists. This project's choice.
 */
const FORGOTTEN_MINUTES = 30;
const QUIET_MS = 20_000;

/**
 * Removes the finalizers of Velero's restores. Normally Velero removes these finalizers, but Velero is already deleted. With the finalizers, the
 * deletion of Velero's CRDs or of its namespace would never end (vmware-tanzu/velero, `pkg/cmd/cli/uninstall/uninstall.go`, release-1.18). The
 * restores' logs stay in the bucket. If the CRDs stay, this program also deletes the restores, backups and schedules. It first waits until the
 * server is gone, because the server would create the objects of the backups again.
 *
 * @throws Error if an operator's server is not gone in time
 */
export async function prepareRemoval({ namespace, keepsKinds }: VeleroRemoval, context: RemovalContext): Promise<void> {
  const { client } = context;
  if (keepsKinds) await waitUntilGone(namespace, context);
  for (const { metadata } of await listIfKnown(client, veleroPath(namespace, "restores"))) {
    const path = veleroPath(namespace, "restores", metadata.name);
    await client.patch(path, { metadata: { finalizers: null } });
    if (keepsKinds) await client.delete(path);
  }
  if (!keepsKinds) return;
  for (const plural of ["schedules", "backups"])
    for (const { metadata } of await listIfKnown(client, veleroPath(namespace, plural)))
      await client.delete(veleroPath(namespace, plural, metadata.name));
}

/** Waits until the garbage collector has deleted the operator's server, its pods and its location. */
async function waitUntilGone(namespace: string, { client, say, clock }: RemovalContext): Promise<void> {
  await waitFor({
    of: "Velero's server",
    minutes: GONE_MINUTES,
    pauseMs: PAUSE_MS,
    say,
    announce: (state) => `still there: ${state}`,
    clock,
    look: async () => {
      const running = await runningPods(namespace, client);
      return running.length === 0 ? { done: undefined } : { state: running.join(", ") };
    },
    failure: (state) =>
      new Error(
        `Velero is not gone ${GONE_MINUTES} minutes after its DataProtectionApplication: ${state}. ` +
          `See oc get deployments,pods,backupstoragelocations -n ${namespace}; delete what is left, then run pulumi up again`,
      ),
  });
}

async function runningPods(namespace: string, client: Pick<ClusterClient, "get" | "list">): Promise<readonly string[]> {
  const label = encodeURIComponent(`deploy=${VELERO_POD.deploy}`);
  const pods = await client.list<ApiItem>(`/api/v1/namespaces/${namespace}/pods?labelSelector=${label}`);
  const [server, location] = await Promise.all([
    client.get(`/apis/apps/v1/namespaces/${namespace}/deployments/${VELERO}`),
    client.get(veleroPath(namespace, "backupstoragelocations", OWN_LOCATION)),
  ]);
  return [
    ...(server === undefined ? [] : [`the Deployment ${VELERO}`]),
    ...pods.map(({ metadata }) => `the pod ${metadata.name}`),
    ...(location === undefined ? [] : [`the location ${OWN_LOCATION}`]),
  ];
}

/** The request of the program `velero-forget`, which runs when a location is gone. */
export interface ForgottenLocation {
  readonly namespace: string;
  readonly location: string;
}

/**
 * Deletes the objects of a location's backups. Velero does not delete these objects with the location, and nothing can be
 * restored from them. The bucket keeps the backups. If Velero is just listing the location's backups, it still creates
 * the objects of the backups that it has not listed yet (vmware-tanzu/velero, `pkg/controller/backup_sync_controller.go`:
 * Reconcile, release-1.18), so the deletion is repeated until Velero creates no more.
 *
 * @throws Error if there are still such objects after half an hour
 */
export async function forgetBackups(
  { namespace, location }: ForgottenLocation,
  { client, clock = systemClock }: Pick<RemovalContext, "clock"> & { readonly client: Pick<ClusterClient, "list" | "delete"> },
): Promise<void> {
  const label = encodeURIComponent(`${LOCATION_LABEL}=${location}`);
  const path = `${veleroPath(namespace, "backups")}?labelSelector=${label}`;
  const deadline = clock.now() + FORGOTTEN_MINUTES * 60_000;
  for (let first = true; ; first = false) {
    const backups = await listIfKnown(client, path);
    if (backups.length === 0 && !first) return;
    for (const { metadata } of backups) await client.delete(veleroPath(namespace, "backups", metadata.name));
    if (clock.now() > deadline)
      throw new Error(
        `after ${FORGOTTEN_MINUTES} minutes Velero still creates the backups of the removed location ${location}. Look for a location of this name: ` +
          `oc get backupstoragelocations -n ${namespace}; then run pulumi up again`,
      );
    await clock.pause(QUIET_MS);
  }
}

/** All objects of a path; none if somebody has already deleted the CRDs, for example with velero uninstall. */
async function listIfKnown(client: Pick<ClusterClient, "list">, path: string): Promise<readonly VeleroItem[]> {
  return client.list<VeleroItem>(path).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}
