import type { MergePatch } from "../../cluster-objects/kubernetes-patch";
import { ClusterClient, RefusedByApi } from "../../lib/kubernetes/client";

/**
 * Applies a merge patch: the patch of a setting, or the restore patch of that setting.
 *
 * @throws Error if the API refuses the patch or does not answer
 */
export async function applyMergePatch({ path, fields, required = false }: MergePatch, kubeconfig: string): Promise<void> {
  await new ClusterClient(kubeconfig).send("PATCH", path, fields).catch((error: unknown) => {
    if (!(error instanceof RefusedByApi && error.status === 404 && !required)) throw error;
  });
}
