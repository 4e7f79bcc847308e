import type { ApiObject } from "../object";

/** Secrets of the certificates. Their names stay when a certificate is renewed: operators follow the content. */
export const API_CERTIFICATE = { name: "okd-aws-api-certificate", namespace: "openshift-config" } as const;
export const INGRESS_CERTIFICATE = { name: "okd-aws-ingress-certificate", namespace: "openshift-ingress" } as const;

/** A certificate's secret, without its content. */
export function certificateSecret({ name, namespace }: { readonly name: string; readonly namespace: string }): ApiObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, type: "kubernetes.io/tls" };
}
