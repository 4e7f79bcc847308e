import { ClusterClient, RefusedByApi } from "../../lib/kubernetes/client";

/** A restore patch: applied to an object of the cluster when a setting is removed from the configuration. */
export interface Restoration {
  /** Path of the object in the API. */
  readonly path: string;
  /** The patch: fields and their values, as a merge patch (RFC 7386). */
  readonly fields: object;
  /** Whether a missing object is an error; default: it is ignored. */
  readonly required?: boolean;
}

/** Applies the restore patch. */
export async function restore({ path, fields, required = false }: Restoration, kubeconfig: string): Promise<void> {
  await new ClusterClient(kubeconfig).send("PATCH", path, fields).catch((error: unknown) => {
    if (!(error instanceof RefusedByApi && error.status === 404 && !required)) throw error;
  });
}
