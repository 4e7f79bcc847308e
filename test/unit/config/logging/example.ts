/** The operators of logging, and valid outputs of each type. */
export const LOKI_OPERATOR = {
  name: "loki-operator",
  namespace: "openshift-operators-redhat",
  source: "redhat-operators",
  channel: "stable-6.5",
  startingCSV: "loki-operator.v6.5.0",
};
export const LOGGING_OPERATOR = {
  ...LOKI_OPERATOR,
  name: "cluster-logging",
  namespace: "openshift-logging",
  startingCSV: "cluster-logging.v6.5.0",
};

/** Keys of a cluster with Loki, whose workers have room for all sizes except the two largest. */
export const WITH_LOKI = { lokiSize: "1x.extra-small", operators: [LOKI_OPERATOR, LOGGING_OPERATOR], workerInstanceType: "m6i.4xlarge" };

export const ELASTICSEARCH_OUTPUT = {
  type: "elasticsearch",
  name: "search",
  url: "https://search.example.com:9200",
  login: "basic",
  username: "okd",
};
export const SPLUNK = { type: "splunk", name: "siem", url: "https://splunk.example.com:8088" };
export const KAFKA = { type: "kafka", name: "bus", brokers: ["tls://kafka.example.com:9093"], topic: "logs", username: "okd" };
export const CLOUDWATCH = {
  type: "cloudwatch",
  name: "cloud",
  region: "us-east-1",
  groupName: 'demo/{.log_type||"unknown"}',
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
};
export const SYSLOG = { type: "syslog", name: "archive", url: "tls://logs.example.com:6514" };
export const HTTP = { type: "http", name: "hook", url: "https://hook.example.com/logs", login: "token" };

/** Keys that forward the application logs to an output; `secret` is the output's secret. */
export function forwardingTo(
  output: { readonly name: string; readonly [field: string]: unknown },
  secret?: string,
): Record<string, unknown> {
  return {
    operators: [LOGGING_OPERATOR],
    logOutputs: [output],
    logPipelines: [{ name: "all", kinds: ["application"], outputs: [output.name] }],
    ...(secret !== undefined && { logOutputSecrets: { [output.name]: secret } }),
  };
}
