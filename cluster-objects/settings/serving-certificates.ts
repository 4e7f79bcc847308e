import type { ApiObject } from "../object";

/**
 * Secrets with the serving certificates. The Secret of a renewed certificate keeps its name, because the operators watch the Secret's
 * content.
 */
export const API_CERTIFICATE_SECRET = { name: "okd-aws-api-certificate", namespace: "openshift-config" } as const;
export const INGRESS_CERTIFICATE_SECRET = { name: "okd-aws-ingress-certificate", namespace: "openshift-ingress" } as const;

/** The Secret of a certificate, without its content. */
export function servingCertificateSecret({ name, namespace }: { readonly name: string; readonly namespace: string }): ApiObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, type: "kubernetes.io/tls" };
}
