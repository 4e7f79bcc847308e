import { z } from "zod";
import { arnProblem } from "../arn";
import { field, integerField, listField, textField } from "../field";
import { MAX_PEM_CHARACTERS } from "../key";
import { approvedRegionProblem } from "../region";
import { accessKeyIdProblem } from "../remote-write/fields";
import { brokerProblem, caProblem, forwardingNameProblem, httpOutputProblem, syslogUrlProblem, templateProblem } from "./fields";

/** Highest rate of logs; this project's choice. */
const MAX_PER_SECOND = 1_000_000;

const output = {
  name: field(textField(forwardingNameProblem), "Name of the output; unique."),
  ca: field(
    textField(caProblem, MAX_PEM_CHARACTERS).optional(),
    "PEM text of the CAs that issue the server's certificate; if not set, the CAs that the cluster trusts.",
  ),
  logsPerSecond: field(
    integerField(1, MAX_PER_SECOND).optional(),
    "Maximum logs per second of each collector, which drops further logs; if not set, no limit.",
  ),
};

/** How the collectors log in with HTTP. */
const httpLogin = {
  login: field(
    z.enum(["none", "basic", "token"]).optional(),
    "none: no login. basic: username and a password, which is the secret. token: a bearer token, which is the secret. If not set, none.",
  ),
  username: field(textField().optional(), "User; only with login basic."),
};

/** An output; its secret is in logOutputSecrets. It has only the fields that exist in all releases from Logging 6.0 on. */
export const logOutput = z.discriminatedUnion("type", [
  z.strictObject({
    type: field(z.literal("elasticsearch"), "Elasticsearch, or OpenSearch with version 8."),
    ...output,
    url: field(textField(httpOutputProblem), "URL of the server."),
    version: field(integerField(6, 8).optional(), "Major version of Elasticsearch's API; set 8 also for newer versions. If not set, 8."),
    index: field(textField(templateProblem).optional(), 'Template of the index; if not set, {.log_type||"unknown"}.'),
    ...httpLogin,
  }),
  z.strictObject({
    type: field(z.literal("splunk"), "Splunk's HTTP Event Collector; the secret is its token."),
    ...output,
    url: field(textField(httpOutputProblem), "URL of the collector, without a path."),
    index: field(textField(templateProblem).optional(), "Template of the index; if not set, the default index of the token."),
  }),
  z.strictObject({
    type: field(z.literal("kafka"), "Kafka; the secret is the password of username, if that is set."),
    ...output,
    brokers: field(listField(brokerProblem, 20), "Brokers, each as tls://host:port or tcp://host:port."),
    topic: field(textField(templateProblem), "Template of the topic."),
    username: field(textField().optional(), "User (SASL); if not set, no login."),
    mechanism: field(
      z.enum(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]).optional(),
      "SASL mechanism; if not set, PLAIN. Only with username.",
    ),
  }),
  z.strictObject({
    type: field(z.literal("cloudwatch"), "Amazon CloudWatch Logs; the secret is the secret access key of accessKeyId, if that is set."),
    ...output,
    region: field(textField(approvedRegionProblem), "Region of the log groups."),
    groupName: field(textField(templateProblem), "Template of the log groups, which the collectors create."),
    roleArn: field(
      textField(arnProblem("role")).optional(),
      "Role that the collectors assume with the token of their service account; only in credentialsMode manual.",
    ),
    accessKeyId: field(textField(accessKeyIdProblem).optional(), "ID of a long-term access key, instead of a role."),
  }),
  z.strictObject({
    type: field(z.literal("syslog"), "A syslog server; no secret."),
    ...output,
    url: field(textField(syslogUrlProblem), "tls://host:port, tcp://host:port or udp://host:port."),
    rfc: field(z.enum(["RFC5424", "RFC3164"]).optional(), "Format of the messages; if not set, RFC5424."),
  }),
  z.strictObject({
    type: field(z.literal("http"), "An HTTP endpoint that accepts JSON."),
    ...output,
    url: field(textField(httpOutputProblem), "URL of the endpoint."),
    ...httpLogin,
  }),
]);
