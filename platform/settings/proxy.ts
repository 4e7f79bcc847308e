import type { ApiObject } from "../object";

/** Fields of `Proxy cluster`. URLs may hold a password. The authorities that are trusted the installation has set. */
export function proxySettings(spec: { readonly noProxy: string; readonly httpProxy?: unknown; readonly httpsProxy?: unknown }): ApiObject {
  return { apiVersion: "config.openshift.io/v1", kind: "Proxy", metadata: { name: "cluster" }, spec };
}
