import { LOGGING_NAMESPACE } from "../../config/logging/operators";

/** API versions of the kinds of the logging operators. */
export const LOKI_API = "loki.grafana.com/v1";
export const FORWARDER_API = "observability.openshift.io/v1";

/** Name of the LokiStack. The LokiStack's gateway, which the console queries, and its service account have the same name. */
export const LOKI = "logging-loki";

/** The Secret with Loki's bucket and the credentials for it. */
export const LOKI_SECRET = "okd-aws-loki";

/** The Secret that the cloud credential operator writes for Loki. */
export const LOKI_CREDENTIALS = "okd-aws-loki-credentials";

/** Name of the ClusterLogForwarder. The operator gives its collectors the same name. */
export const FORWARDER = "okd-aws";

/** The service account of the collectors. */
export const COLLECTOR = "okd-aws-collector";

/** The Secret and the ConfigMap to which the outputs refer. */
export const OUTPUT_SECRET = "okd-aws-log-outputs";
export const OUTPUT_CAS = "okd-aws-log-output-cas";

/** The ConfigMap into which the cluster writes the CAs that it trusts. */
export const TRUSTED_CAS = "okd-aws-log-trusted-cas";

/**
 * The service accounts whose pods call S3 (openshift/loki, `operator/internal/manifests/openshift/credentialsrequest.go`, release-6.6). The
 * ruler runs only if there are alerting or recording rules for logs, which users may add.
 */
export const LOKI_ACCOUNTS = [LOKI, `${LOKI}-ruler`];

/** Metadata of an object in the namespace of logging. */
export function inLogging(name: string): { readonly name: string; readonly namespace: string } {
  return { name, namespace: LOGGING_NAMESPACE };
}

/** A text in base64, the form of a Secret's data. */
export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
