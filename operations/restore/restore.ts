import { ClusterClient, RefusedByApi } from "../authentication/cluster-client";

/** What stands in an object of the cluster's own once the program has let go of it. */
export interface Restoration {
  /** Of the object, in the API. */
  readonly path: string;
  /** Fields with what they are set to, as a merge patch (RFC 7386). */
  readonly fields: object;
  /** Whether it is an error when the object is gone; else that is left to whoever makes it. */
  readonly required?: boolean;
}

/** Sets the fields. */
export async function restore({ path, fields, required = false }: Restoration, kubeconfig: string): Promise<void> {
  await new ClusterClient(kubeconfig).send("PATCH", path, fields).catch((error: unknown) => {
    if (!(error instanceof RefusedByApi && error.status === 404 && !required)) throw error;
  });
}
