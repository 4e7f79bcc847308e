import { type Clock, systemClock } from "../../lib/clock";
import type { ApiItem, ClusterClient } from "../../lib/kubernetes/client";
import { PAUSE_MS } from "../../steps/velero/api";

interface Claim extends ApiItem {
  readonly metadata: ApiItem["metadata"] & { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly dataSource?: { readonly kind?: string; readonly name?: string } };
  readonly status?: { readonly phase?: string };
}

interface Snapshot {
  readonly status?: { readonly readyToUse?: boolean; readonly error?: { readonly message?: string } };
}

interface Pod extends ApiItem {
  readonly spec?: { readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName?: string } }[] };
}

export interface ClaimContext {
  readonly client: Pick<ClusterClient, "get" | "list">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
}

/** Maximum number of minutes in which the EBS driver must create the volumes of restored claims. This project's choice. */
const CLAIM_MINUTES = 10;

/**
 * Waits until each restored claim with a snapshot has its volume. Velero does not wait for claims of a storage class with
 * WaitForFirstConsumer, which creates a volume only for the first pod (vmware-tanzu/velero,
 * `pkg/controller/restore_finalizer_controller.go`: patchDynamicPVWithVolumeInfo, release-1.18). A claim that no pod uses gets its volume
 * later, so for such a claim a usable snapshot is enough.
 *
 * @returns one problem for each claim that has no volume in time
 */
export async function claimsWithoutVolume(
  namespace: string,
  restore: string,
  { client, say, clock = systemClock }: ClaimContext,
): Promise<readonly string[]> {
  for (const deadline = clock.now() + CLAIM_MINUTES * 60_000; ;) {
    const problems = await problemsOfClaims(namespace, restore, client);
    if (problems.length === 0 || clock.now() > deadline) return problems;
    if (deadline - clock.now() === CLAIM_MINUTES * 60_000) say(`waits for volumes: ${problems.join("; ")}`);
    await clock.pause(PAUSE_MS);
  }
}

async function problemsOfClaims(namespace: string, restore: string, client: ClaimContext["client"]): Promise<readonly string[]> {
  const claims = await client.list<Claim>(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`);
  const waiting = claims.filter(
    ({ metadata, spec, status }) =>
      isOf(restore, metadata.labels?.["velero.io/restore-name"]) &&
      spec?.dataSource?.kind === "VolumeSnapshot" &&
      status?.phase !== "Bound",
  );
  if (waiting.length === 0) return [];
  const pods = await client.list<Pod>(`/api/v1/namespaces/${namespace}/pods`);
  const used = new Set(pods.flatMap(({ spec }) => (spec?.volumes ?? []).map((volume) => volume.persistentVolumeClaim?.claimName)));
  const problems = waiting.map(async ({ metadata: { name }, spec }) => {
    const snapshot = spec?.dataSource?.name ?? "";
    const path = `/apis/snapshot.storage.k8s.io/v1/namespaces/${namespace}/volumesnapshots/${encodeURIComponent(snapshot)}`;
    const { status = {} } = (await client.get<Snapshot>(path)) ?? {};
    if (status.readyToUse === true && !used.has(name)) return [];
    const reason = status.readyToUse === true ? "its snapshot can be used" : (status.error?.message ?? "its snapshot can't be used yet");
    return [`the claim ${name} has no volume: ${reason}. See oc describe persistentvolumeclaim -n ${namespace} ${name}`];
  });
  return (await Promise.all(problems)).flat();
}

/** Whether a label names a restore. Velero shortens a name of more than 63 characters to 57, and adds a hash (vmware-tanzu/velero, `pkg/label/label.go`: GetValidName, release-1.18). */
function isOf(restore: string, label = ""): boolean {
  return label === restore || (restore.length > 63 && label.startsWith(restore.slice(0, 57)));
}
