import type { ApiObject } from "../object";

/** Namespace of the objects to which OAuth refers (openshift/api, `config/v1/types_oauth.go`). */
const NAMESPACE = "openshift-config";

/** A Secret in the namespace openshift-config. */
export function configSecret(name: string, texts: Readonly<Record<string, string>>, type = "Opaque"): ApiObject {
  const data = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]));
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: NAMESPACE }, type, data };
}

/** A ConfigMap in the namespace openshift-config. */
export function configMap(name: string, data: Readonly<Record<string, string>>): ApiObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: NAMESPACE }, data };
}

/** A reference to a Secret or ConfigMap in the namespace openshift-config, in OAuth's format. */
export function reference({ metadata: { name } }: ApiObject): { readonly name: string } {
  return { name };
}
