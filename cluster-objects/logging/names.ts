import { LOGGING_NAMESPACE } from "../../config/logging/operators";

/** API versions of the kinds of logging. */
export const LOKI_API = "loki.grafana.com/v1";
export const FORWARDER_API = "observability.openshift.io/v1";

/** Name of the LokiStack. Its gateway, which the console asks, and its service accounts have this name, too. */
export const LOKI = "logging-loki";

/** The Secret with which Loki reaches its bucket. */
export const LOKI_SECRET = "okd-aws-loki";

/** The Secret that the cloud credential operator writes for Loki. */
export const LOKI_CREDENTIALS = "okd-aws-loki-credentials";

/** Name of the ClusterLogForwarder, and with it of its collectors. */
export const FORWARDER = "okd-aws";

/** The service account of the collectors. */
export const COLLECTOR = "okd-aws-collector";

/** The Secret and the ConfigMap to which the outputs refer. */
export const OUTPUT_SECRET = "okd-aws-log-outputs";
export const OUTPUT_CAS = "okd-aws-log-output-cas";

/** The ConfigMap into which the cluster writes the CAs that it trusts. */
export const TRUSTED_CAS = "okd-aws-log-trusted-cas";

/**
 * The service accounts whose pods call S3 (openshift/loki, `operator/internal/manifests/openshift/credentialsrequest.go`, release-6.6). The ruler
 * runs only with rules of logs, which users may add.
 */
export const LOKI_ACCOUNTS = [LOKI, `${LOKI}-ruler`];

/** Metadata of an object in the namespace of logging. */
export function inLogging(name: string): { readonly name: string; readonly namespace: string } {
  return { name, namespace: LOGGING_NAMESPACE };
}

/** Base64 of a text, as a Secret's data has it. */
export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
