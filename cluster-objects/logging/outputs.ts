import type { LogOutput } from "../../config/logging/settings";
import { LOGGING_NAMESPACE } from "../../config/logging/operators";
import { LOKI_OUTPUT } from "../../config/logging/fields";
import { rewriteCertificates } from "../../config/pem";
import type { ApiObject } from "../object";
import { base64, inLogging, LOKI, OUTPUT_CAS, OUTPUT_SECRET, TRUSTED_CAS } from "./names";

/** The index for an output whose configuration names no index. */
const DEFAULT_INDEX = '{.log_type||"unknown"}';

/** The newest version of Elasticsearch's API that the operator knows. Newer servers accept it, too. */
const ELASTICSEARCH_API = 8;

/** The ConfigMap's key for the trust bundle; the network operator writes only to this key. */
const CA_BUNDLE = "ca-bundle.crt";

/** The collectors get their token from the projected volume of their service account. */
const OWN_TOKEN = { from: "serviceAccount" };

/** The output to the cluster's own Loki. OpenShift writes the CA of its services into a ConfigMap of every namespace. */
export function lokiOutput(): object {
  return {
    name: LOKI_OUTPUT,
    type: "lokiStack",
    lokiStack: { target: { name: LOKI, namespace: LOGGING_NAMESPACE }, authentication: { token: OWN_TOKEN } },
    tls: { ca: { configMapName: "openshift-service-ca.crt", key: "service-ca.crt" } },
  };
}

/** An output of the forwarder (openshift/cluster-logging-operator, `api/observability/v1/output_types.go`; release-6.0 to release-6.6 have all fields that are used here). */
export function outputFields(output: LogOutput): object {
  const { name, type, logsPerSecond } = output;
  const ca = caReference(output);
  return {
    name,
    type,
    [type]: typeFields(output),
    ...(ca && { tls: { ca } }),
    ...(logsPerSecond !== undefined && { rateLimit: { maxRecordsPerSecond: logsPerSecond } }),
  };
}

/**
 * The reference for an output's `tls.ca`. For syslog and Kafka the operator enables TLS by the field `tls` and not by the URL: without a CA the
 * collectors would send plain text to a tls:// URL (openshift/cluster-logging-operator, `internal/generator/vector/output/kafka/kafka.go` and
 * `output/syslog/syslog.go`, release-6.0 to release-6.6; from 6.6 on an empty `tls` does not enable TLS either, `common/tls/tls.go`: NewTlsEnabled).
 */
function caReference(output: LogOutput): object | undefined {
  if (output.ca !== undefined) return { configMapName: OUTPUT_CAS, key: caKey(output) };
  return trustsCluster(output) ? { configMapName: TRUSTED_CAS, key: CA_BUNDLE } : undefined;
}

/** Whether an output without a configured CA needs the CAs that the cluster trusts: an output to a tls:// URL of syslog or Kafka. */
function trustsCluster(output: LogOutput): boolean {
  if (output.ca !== undefined) return false;
  if (output.type === "syslog") return output.url.startsWith("tls:");
  return output.type === "kafka" && output.brokers.every((broker) => broker.startsWith("tls:"));
}

/**
 * The ConfigMap with the CAs that the cluster trusts: the CAs of its operating system and of its proxy. The network operator writes them into
 * each ConfigMap with the label below (openshift/cluster-network-operator, `pkg/controller/configmap_ca_injector/controller.go` and
 * `pkg/controller/proxyconfig/controller.go`). Undefined if no output needs the ConfigMap.
 */
export function trustedOutputCas(outputs: readonly LogOutput[]): ApiObject | undefined {
  if (!outputs.some(trustsCluster)) return undefined;
  const labels = { "config.openshift.io/inject-trusted-cabundle": "true" };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { ...inLogging(TRUSTED_CAS), labels } };
}

function typeFields(output: LogOutput): object {
  const secret = (part: string) => ({ secretName: OUTPUT_SECRET, key: keyOf(output, part) });
  switch (output.type) {
    case "elasticsearch": {
      const { url, version = ELASTICSEARCH_API, index = DEFAULT_INDEX } = output;
      return { url, version, index, ...httpLogin(output) };
    }
    case "splunk":
      return { url: output.url, ...(output.index !== undefined && { index: output.index }), authentication: { token: secret("token") } };
    case "kafka": {
      const { brokers, topic, username, mechanism = "PLAIN" } = output;
      const sasl = { mechanism, username: secret("username"), password: secret("password") };
      return { brokers, topic, ...(username !== undefined && { authentication: { sasl } }) };
    }
    case "cloudwatch": {
      const { region, groupName, roleArn } = output;
      const authentication =
        roleArn === undefined
          ? { type: "awsAccessKey", awsAccessKey: { keyId: secret("access-key"), keySecret: secret("secret-key") } }
          : { type: "iamRole", iamRole: { roleARN: secret("role"), token: OWN_TOKEN } };
      return { region, groupName, authentication };
    }
    case "syslog":
      return { url: output.url, rfc: output.rfc ?? "RFC5424" };
    case "http":
      return { url: output.url, method: "POST", ...httpLogin(output) };
  }
}

function httpLogin(output: Extract<LogOutput, { type: "elasticsearch" | "http" }>): object {
  const key = (part: string) => keyOf(output, part);
  switch (output.login ?? "none") {
    case "none":
      return {};
    case "basic": {
      const reference = (part: string) => ({ secretName: OUTPUT_SECRET, key: key(part) });
      return { authentication: { username: reference("username"), password: reference("password") } };
    }
    case "token":
      return { authentication: { token: { from: "secret", secret: { name: OUTPUT_SECRET, key: key("token") } } } };
  }
}

/** The Secret to which the outputs refer; its data is base64. Undefined if no output needs one. */
export function outputSecret(outputs: readonly LogOutput[]): (ApiObject & { readonly data: Record<string, string> }) | undefined {
  const entries = outputs.flatMap((output) =>
    Object.entries(secretTexts(output)).map(([part, text]) => [keyOf(output, part), base64(text)]),
  );
  if (entries.length === 0) return undefined;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: inLogging(OUTPUT_SECRET),
    type: "Opaque",
    data: Object.fromEntries(entries) as Record<string, string>,
  };
}

/** The texts of an output that the operator takes from a Secret; user names and roles are among them. */
function secretTexts(output: LogOutput): Readonly<Record<string, string>> {
  const secret = output.secret?.reveal() ?? "";
  switch (output.type) {
    case "elasticsearch":
    case "http":
      if (output.login === "token") return { token: secret };
      return output.login === "basic" ? { username: output.username ?? "", password: secret } : {};
    case "splunk":
      return { token: secret };
    case "kafka":
      return output.username === undefined ? {} : { username: output.username, password: secret };
    case "cloudwatch":
      return output.roleArn === undefined ? { "access-key": output.accessKeyId ?? "", "secret-key": secret } : { role: output.roleArn };
    case "syslog":
      return {};
  }
}

/** The ConfigMap with the CAs of the outputs; undefined if no output has one. */
export function outputCas(outputs: readonly LogOutput[]): ApiObject | undefined {
  const entries = outputs.flatMap((output) => (output.ca === undefined ? [] : [[caKey(output), rewriteCertificates(output.ca)]]));
  if (entries.length === 0) return undefined;
  return { apiVersion: "v1", kind: "ConfigMap", metadata: inLogging(OUTPUT_CAS), data: Object.fromEntries(entries) as object };
}

function keyOf({ name }: LogOutput, part: string): string {
  return `${name}.${part}`;
}

function caKey(output: LogOutput): string {
  return keyOf(output, CA_BUNDLE);
}
