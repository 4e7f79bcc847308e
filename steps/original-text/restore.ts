import { ClusterClient } from "../../lib/kubernetes/client";

/** A text in a ConfigMap, and the annotation with the original text, from before this program changed the ConfigMap. */
export interface KeptText {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  readonly annotation: string;
}

interface ConfigMap {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

/**
 * Restores the text from the annotation, and removes the annotation. A ConfigMap that is missing, or has no such annotation, stays as it is.
 *
 * @throws Error if the API refuses a request or does not answer
 */
export async function restoreText({ namespace, name, key, annotation }: KeptText, kubeconfig: string): Promise<void> {
  const client = new ClusterClient(kubeconfig);
  const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
  const original = (await client.get<ConfigMap>(path))?.metadata.annotations?.[annotation];
  if (original === undefined) return;
  await client.patch(path, { data: { [key]: original }, metadata: { annotations: { [annotation]: null } } });
}
