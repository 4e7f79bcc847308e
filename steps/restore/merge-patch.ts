import type { MergePatch } from "../../cluster-objects/kubernetes-patch";
import { ClusterClient, RefusedByApi } from "../../lib/kubernetes/client";

/** Applies a merge patch: that of a setting, or its restore patch. @throws Error if the API refuses it or does not answer */
export async function applyMergePatch({ path, fields, required = false }: MergePatch, kubeconfig: string): Promise<void> {
  await new ClusterClient(kubeconfig).send("PATCH", path, fields).catch((error: unknown) => {
    if (!(error instanceof RefusedByApi && error.status === 404 && !required)) throw error;
  });
}
