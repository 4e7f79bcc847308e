import { type ClusterClient, isMissing } from "../../lib/kubernetes/client";
import { LOCATION_LABEL, type VeleroItem, veleroPath } from "./api";

/** The request of the program `velero-removal`, which runs when Velero's server is gone. */
export interface VeleroRemoval {
  readonly namespace: string;
  /** Whether Velero's kinds stay, because an operator has brought them. */
  readonly keepsKinds: boolean;
}

/**
 * Removes the finalizers of Velero's restores. Only Velero removes them, and Velero is already deleted. With the finalizers, the deletion of
 * its CRDs or of its namespace would never end (vmware-tanzu/velero, `pkg/cmd/cli/uninstall/uninstall.go`, release-1.18). The restores' logs stay in the bucket. If
 * the kinds stay, the restores and the backups are deleted; Velero lists the backups again as soon as it finds them in the bucket.
 */
export async function prepareRemoval(
  { namespace, keepsKinds }: VeleroRemoval,
  client: Pick<ClusterClient, "list" | "patch" | "delete">,
): Promise<void> {
  const restores = await listIfKnown(client, veleroPath(namespace, "restores"));
  for (const { metadata } of restores) {
    const path = veleroPath(namespace, "restores", metadata.name);
    await client.patch(path, { metadata: { finalizers: null } });
    if (keepsKinds) await client.delete(path);
  }
  if (keepsKinds) await deleteBackups(await listIfKnown(client, veleroPath(namespace, "backups")), namespace, client);
}

/** The request of the program `velero-forget`, which runs when a location is gone. */
export interface ForgottenLocation {
  readonly namespace: string;
  readonly location: string;
}

/** Deletes the objects of a location's backups. Velero leaves them in the cluster, and nothing could be restored from them. The bucket keeps the backups. */
export async function forgetBackups(
  { namespace, location }: ForgottenLocation,
  client: Pick<ClusterClient, "list" | "delete">,
): Promise<void> {
  const label = encodeURIComponent(`${LOCATION_LABEL}=${location}`);
  await deleteBackups(await listIfKnown(client, `${veleroPath(namespace, "backups")}?labelSelector=${label}`), namespace, client);
}

async function deleteBackups(backups: readonly VeleroItem[], namespace: string, client: Pick<ClusterClient, "delete">): Promise<void> {
  for (const { metadata } of backups) await client.delete(veleroPath(namespace, "backups", metadata.name));
}

/** All objects of a path; none if somebody has deleted the kinds already, for example with velero uninstall. */
async function listIfKnown(client: Pick<ClusterClient, "list">, path: string): Promise<readonly VeleroItem[]> {
  return client.list<VeleroItem>(path).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}
