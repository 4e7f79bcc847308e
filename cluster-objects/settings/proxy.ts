import type { ApiObject } from "../object";

/** Fields of `Proxy cluster`. The URLs may contain a password. The trusted CAs are not set here, because the installation has set them. */
export function proxySettings(spec: { readonly noProxy: string; readonly httpProxy?: unknown; readonly httpsProxy?: unknown }): ApiObject {
  return { apiVersion: "config.openshift.io/v1", kind: "Proxy", metadata: { name: "cluster" }, spec };
}
