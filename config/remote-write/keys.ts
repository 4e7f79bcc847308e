import { z } from "zod";
import { arnProblem } from "../arn";
import { httpsProblem } from "../cluster-settings/fields";
import { field, listField, records, secretMap, textField } from "../field";
import { key } from "../key";
import { approvedRegionProblem } from "../region";
import { accessKeyIdProblem, metricPatternProblem, remoteWriteNameProblem } from "./fields";

const SOURCE = "OpenShift (ConfigMap openshift-monitoring/cluster-monitoring-config, prometheusK8s.remoteWrite)";

const target = {
  name: field(textField(remoteWriteNameProblem), "Name of the target; unique. Prometheus shows the name in its own metrics."),
  url: field(textField(httpsProblem), "URL to which Prometheus sends metrics: https, without a user or password."),
  metrics: field(
    listField(metricPatternProblem).optional(),
    "Names of the metrics to send; an asterisk stands for any text. If not set or empty, all metrics.",
  ),
};

/** A target, that is a system to which Prometheus sends metrics. Its secret is in remoteWriteSecrets. */
const remoteWrite = z.discriminatedUnion("authentication", [
  z.strictObject({ authentication: field(z.literal("none"), "No login."), ...target }),
  z.strictObject({
    authentication: field(z.literal("basic"), "User and password; the secret is the password."),
    ...target,
    username: field(textField(), "The user."),
  }),
  z.strictObject({ authentication: field(z.literal("bearer"), "The secret is a token."), ...target }),
  z.strictObject({
    authentication: field(
      z.literal("sigv4"),
      "Requests signed for AWS, such as for Amazon Managed Service for Prometheus; the secret is the secret access key of accessKeyId.",
    ),
    ...target,
    region: field(textField(approvedRegionProblem), "Region of the target."),
    accessKeyId: field(textField(accessKeyIdProblem), "ID of a long-term access key, which may write to the target or assume roleArn."),
    roleArn: field(textField(arnProblem("role")).optional(), "Role that Prometheus assumes with the access key; if not set, none."),
  }),
]);

/** Keys for sending the platform's metrics to other systems. */
export const remoteWriteKeys = {
  remoteWrites: key(records(remoteWrite, { max: 10, unique: "name" }), {
    description: "Systems to which Prometheus sends the platform's metrics, in addition to storing them.",
    allowed: "a list of targets",
    example:
      '[{"name": "central", "authentication": "bearer", "url": "https://metrics.example.com/api/v1/write", "metrics": ["up", "cluster_*"]}]',
    source: SOURCE,
    whenEmpty: "none",
  }),
  remoteWriteSecrets: key(secretMap(), {
    description:
      "The secret of each target in remoteWrites, by the target's name. The target's authentication decides whether the secret is a password, a token or a secret access key.",
    allowed: "a map from a target's name to its secret",
    example: '{"central": "token"}',
    source: SOURCE,
    whenEmpty: "none",
    secret: true,
  }),
} as const;
