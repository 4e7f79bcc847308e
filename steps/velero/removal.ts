import { type ClusterClient, isMissing } from "../../lib/kubernetes/client";
import { type VeleroItem, veleroPath } from "./api";

/**
 * Removes the finalizers of Velero's restores. Only Velero removes them, and Velero is already deleted. With the finalizers, the deletion of Velero's
 * CRDs would never end (vmware-tanzu/velero, `pkg/cmd/cli/uninstall/uninstall.go`, release-1.18). The restores' logs stay in the bucket.
 */
export async function releaseRestores(client: Pick<ClusterClient, "list" | "patch">): Promise<void> {
  const restores = await client.list<VeleroItem>(veleroPath("restores")).catch((error: unknown) => {
    // Somebody has deleted the CRDs already, for example with velero uninstall.
    if (isMissing(error)) return [];
    throw error;
  });
  for (const { metadata } of restores) await client.patch(veleroPath("restores", metadata.name), { metadata: { finalizers: null } });
}
