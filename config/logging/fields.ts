import { isPlatformNamespace } from "../access-control/fields";
import { isDnsLabel } from "../object-name";
import { readCertificates } from "../pem";
import type { ValueProblem } from "../problem";
import { type Url, urlProblem } from "../url";

/**
 * The sizes of Loki (openshift/loki, `operator/api/loki/v1/lokistack_types.go`, release-6.0 to release-6.6). All but 1x.demo keep each log
 * twice and survive the loss of a pod.
 */
export const LOKI_SIZES = ["1x.demo", "1x.pico", "1x.extra-small", "1x.small", "1x.medium"] as const;
export type LokiSize = (typeof LOKI_SIZES)[number];

/** Name of the output and of the pipeline to the cluster's own Loki. */
export const LOKI_OUTPUT = "loki";

/** Checks the name of an output or a pipeline (openshift/cluster-logging-operator, `api/observability/v1/clusterlogforwarder_types.go`, master). */
export function forwardingNameProblem(name: string): ValueProblem | undefined {
  const allowed = "2 to 40 lower-case letters, digits and hyphens, beginning with a letter";
  if (!/^[a-z][a-z0-9-]*[a-z0-9]$/.test(name) || name.length > 40) return { wrong: "is not the name of an output or a pipeline", allowed };
  return name === LOKI_OUTPUT ? { wrong: `is ${LOKI_OUTPUT}, which is the name of the cluster's own store`, allowed } : undefined;
}

/** Checks the name of a rule of `logReaders`. The name is part of the names of the rule's role bindings. */
export function readerNameProblem(name: string): ValueProblem | undefined {
  return isDnsLabel(name)
    ? undefined
    : { wrong: "is not a name of lower-case letters, digits and hyphens", allowed: "1 to 63 lower-case letters, digits and hyphens" };
}

/**
 * Checks a namespace, or a pattern in which an asterisk stands for any text (openshift/cluster-logging-operator,
 * `internal/validations/observability/inputs/application.go`, master). Logs of the platform's namespaces are infrastructure logs, whichever
 * input selects them.
 */
export function logNamespaceProblem(text: string): ValueProblem | undefined {
  const allowed = "a name, or a pattern with asterisks, such as team-*";
  if (!/^[a-z0-9*]([a-z0-9*-]*[a-z0-9*])?$/.test(text) || text.length > 63)
    return { wrong: "is neither a namespace nor a pattern of namespaces", allowed };
  return isPlatformNamespace(text) || /^(default$|openshift|kube)/.test(text)
    ? { wrong: "is in the platform's namespaces (default, openshift*, kube*), whose logs are infrastructure logs", allowed }
    : undefined;
}

/**
 * The operator compares schemes case-sensitively: for a broker with TLS:// it would not encrypt (`output/kafka/kafka.go`: isTlsBrokers).
 */
function schemeProblem(text: string, schemes: readonly string[], judge: (url: Url) => ValueProblem | undefined = () => undefined) {
  return urlProblem(text, (url) => {
    if (url.userinfo !== undefined) return { wrong: "has a user or a password in it" };
    if (!schemes.includes(url.scheme))
      return { wrong: `starts with ${url.scheme}://`, allowed: schemes.map((each) => `${each}://`).join(", ") };
    if (!text.startsWith(url.scheme)) return { wrong: "has capital letters before ://", allowed: `${url.scheme}://` };
    return judge(url);
  });
}

/** Checks the URL of a system that is reached with HTTP. */
export function httpOutputProblem(text: string): ValueProblem | undefined {
  return schemeProblem(text, ["https", "http"]);
}

/** A port is required (openshift/cluster-logging-operator, `api/observability/v1/output_types.go`, Syslog.URL and BrokerURL, master). */
function needsPort({ port, path, query, fragment }: Url): ValueProblem | undefined {
  if (port === undefined) return { wrong: "has no port", allowed: "a URL with a port, such as tls://logs.example.com:6514" };
  return path === "" && query === undefined && fragment === undefined
    ? undefined
    : { wrong: "has a path, query or fragment after the port" };
}

/** Checks the URL of a syslog server. */
export function syslogUrlProblem(text: string): ValueProblem | undefined {
  return schemeProblem(text, ["tls", "tcp", "udp"], needsPort);
}

/** Checks the URL of a Kafka broker. */
export function brokerProblem(text: string): ValueProblem | undefined {
  return schemeProblem(text, ["tls", "tcp"], needsPort);
}

/**
 * Checks a template of names, such as `{.log_type||"unknown"}` (openshift/cluster-logging-operator, `api/observability/v1/output_types.go`,
 * Elasticsearch.Index, master). Braces contain a field of the log, and in quotes the text that is used if a log does not have the field.
 */
export function templateProblem(text: string): ValueProblem | undefined {
  const allowed = 'letters, digits, "-", "_", "." and "/", and fields of a log with a default, such as logs-{.log_type||"unknown"}';
  return /^(?:[a-zA-Z0-9_./-]|\{[^{}]+\|\|"[^"{}]*"\})+$/.test(text) && balancedFields(text)
    ? undefined
    : { wrong: "is not a valid template of names", allowed };
}

/** Whether the operator's pattern accepts each field in braces. */
function balancedFields(text: string): boolean {
  return [...text.matchAll(/\{([^{}]+)\|\|"[^"{}]*"\}/g)].every(([, fields]) =>
    fields.split("||").every((field) => /^(?:\.[a-zA-Z0-9_]+|\."[^"]+")+$/.test(field)),
  );
}

/** Checks a PEM text with certificates. */
export function caProblem(text: string): ValueProblem | undefined {
  try {
    readCertificates(text);
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return { wrong: error.message, allowed: "PEM certificates" };
    throw error;
  }
}
