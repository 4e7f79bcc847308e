import type { MergePatch } from "../../cluster-objects/kubernetes-patch";
import { ClusterClient } from "../../lib/kubernetes/client";

/**
 * Applies a merge patch: the patch of a setting, or the restore patch of that setting.
 *
 * @throws Error if the API refuses the patch or does not answer
 */
export async function applyMergePatch({ path, fields, required = false }: MergePatch, kubeconfig: string): Promise<void> {
  const client = new ClusterClient(kubeconfig);
  await (required ? client.send("PATCH", path, fields) : client.patch(path, fields));
}
