import type { ApiObject } from "../object";

/** What the default router is set to; what isn't set stays as the cluster has it. */
export interface DefaultRouterFields {
  /** Name of the secret with its certificate, in `openshift-ingress`. */
  readonly certificate?: string;
}

/** Everything that `IngressController default` is set to, whole: two writers would take each other's fields away. Undefined where nothing is set. */
export function defaultRouter({ certificate }: DefaultRouterFields): ApiObject | undefined {
  const spec = { ...(certificate !== undefined && { defaultCertificate: { name: certificate } }) };
  if (Object.keys(spec).length === 0) return undefined;
  return {
    apiVersion: "operator.openshift.io/v1",
    kind: "IngressController",
    metadata: { name: "default", namespace: "openshift-ingress-operator" },
    spec,
  };
}
