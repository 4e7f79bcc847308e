import type { ApiObject } from "../object";

/** Where OAuth looks for what it refers to (openshift/api, `config/v1/types_oauth.go`). */
const NAMESPACE = "openshift-config";

/** A secret of the namespace that OAuth's references are resolved in. */
export function configSecret(name: string, texts: Readonly<Record<string, string>>, type = "Opaque"): ApiObject {
  const data = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]));
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: NAMESPACE }, type, data };
}

/** A config map there. */
export function configMap(name: string, data: Readonly<Record<string, string>>): ApiObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: NAMESPACE }, data };
}

/** A reference to one of them. */
export function reference({ metadata: { name } }: ApiObject): { readonly name: string } {
  return { name };
}
