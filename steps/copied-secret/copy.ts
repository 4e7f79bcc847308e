import { ClusterClient } from "../../lib/kubernetes/client";

/** Identifies a Secret. */
export interface SecretName {
  readonly name: string;
  readonly namespace: string;
}

/** A Secret that is copied before the program changes it, and its copy. */
export interface CopiedSecret {
  readonly action: "copy" | "restore";
  readonly secret: SecretName;
  readonly copy: SecretName;
  /** Annotation of the Secret while it holds this program's content. */
  readonly annotation: string;
}

interface Content {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * The action `copy` copies a Secret, unless a copy exists; the copy of a missing Secret is empty. The action `restore` restores the Secret from the
 * copy and deletes the copy. If the copy is empty, `restore` deletes the Secret; if there is no copy, `restore` does nothing.
 *
 * @throws Error if the API refuses a request or does not answer
 */
export async function copySecret({ action, secret, copy, annotation }: CopiedSecret, kubeconfig: string): Promise<void> {
  const client = new ClusterClient(kubeconfig);
  const copied = await client.get<Content>(secretPath(copy));
  if (action === "copy") {
    if (copied !== undefined) return;
    const { type, data = {} } = (await client.get<Content>(secretPath(secret))) ?? {};
    const object = { apiVersion: "v1", kind: "Secret", metadata: copy, ...(type && { type }), data };
    await client.send("POST", `/api/v1/namespaces/${copy.namespace}/secrets`, object);
    return;
  }
  if (copied === undefined) return;
  const { data = {} } = copied;
  if (Object.keys(data).length === 0) await client.delete(secretPath(secret));
  // If the Secret is missing, the patch creates nothing: the operator creates the default Secret again.
  else await client.patch(secretPath(secret), { data, metadata: { annotations: { [annotation]: null } } });
  await client.delete(secretPath(copy));
}

/** The path of a Secret in the API. */
export function secretPath({ name, namespace }: SecretName): string {
  return `/api/v1/namespaces/${namespace}/secrets/${name}`;
}
