import { z } from "zod";
import { arnProblem } from "../arn";
import { bucketProblem } from "../bucket-name";
import { tenantNamespaceProblem } from "../access-control/fields";
import { field, listField, records, secretMap, textField } from "../field";
import { choice, flag, integer, key, list, text } from "../key";
import { classNameProblem } from "../monitoring/fields";
import { groupSubjectProblem } from "../user-names";
import { LOKI_SIZES, forwardingNameProblem, logNamespaceProblem, readerNameProblem } from "./fields";
import { LOG_KINDS } from "../log-kind";
import { logOutput } from "./output";

const LOKI = "OpenShift Logging (loki.grafana.com/v1 LokiStack";
const FORWARDER = "OpenShift Logging (observability.openshift.io/v1 ClusterLogForwarder";

/** Longest retention in days: ten years, this project's choice. It is not a recommendation: Red Hat's documentation describes Loki as a short-term store. */
const MAX_DAYS = 3650;

const kinds = z.array(z.enum(LOG_KINDS)).min(1).max(LOG_KINDS.length);

const pipeline = z.strictObject({
  name: field(textField(forwardingNameProblem), "Name of the pipeline; unique."),
  kinds: field(kinds, "Kinds of logs to forward."),
  namespaces: field(
    listField(logNamespaceProblem).optional(),
    "Namespaces whose application logs are forwarded, as names or patterns such as team-*; if not set or empty, all.",
  ),
  excludedNamespaces: field(
    listField(logNamespaceProblem).optional(),
    "Namespaces whose application logs are not forwarded, as names or patterns.",
  ),
  outputs: field(listField(forwardingNameProblem), "Names of the outputs, from logOutputs."),
});

const reader = z.strictObject({
  name: field(textField(readerNameProblem), "Name of the rule; unique."),
  group: field(textField(groupSubjectProblem), "Group whose members may read the logs."),
  kinds: field(kinds, "Kinds of logs that the group may read."),
  namespaces: field(
    listField(tenantNamespaceProblem).optional(),
    "Namespaces whose application logs the group may read. Each must exist. If not set or empty, all. Only with the kind application: Loki does not separate the other kinds by namespace.",
  ),
});

/** Keys for logging with Loki, and for forwarding logs. */
export const loggingKeys = {
  lokiSize: key(choice([...LOKI_SIZES, ""], ""), {
    description:
      "Size of the cluster's own store of logs. The store needs the operators loki-operator and cluster-logging in okd-aws:operators (docs/logging.md). 1x.demo keeps each log once and is only for trying it.",
    allowed: LOKI_SIZES.join(", "),
    example: "1x.extra-small",
    source: `${LOKI}, size)`,
    whenEmpty: "no store",
  }),
  lokiStorageClass: key(text(classNameProblem), {
    description:
      "Storage class of the volumes of Loki's pods. The class must provide block storage, and can't be changed for existing volumes.",
    allowed: "the name of a storage class",
    example: "gp3-csi",
    source: `${LOKI}, storageClassName)`,
    whenEmpty: "gp3-csi",
  }),
  lokiApplicationDays: key(integer(1, MAX_DAYS, 7), {
    description: "Days after which Loki deletes application logs.",
    unit: "days",
    example: "14",
    source: `${LOKI}, limits.tenants.application.retention)`,
  }),
  lokiInfrastructureDays: key(integer(1, MAX_DAYS, 7), {
    description: "Days after which Loki deletes infrastructure logs.",
    unit: "days",
    example: "14",
    source: `${LOKI}, limits.tenants.infrastructure.retention)`,
  }),
  lokiAuditDays: key(integer(1, MAX_DAYS, 30), {
    description: "Days after which Loki deletes audit logs.",
    unit: "days",
    example: "90",
    source: `${LOKI}, limits.tenants.audit.retention)`,
  }),
  lokiBucketName: key(text(bucketProblem), {
    description:
      "Existing bucket that Loki uses instead of a new one. It may contain the logs of an earlier cluster or of an earlier Loki of this cluster. The program neither changes nor deletes the bucket. Only one cluster may use a bucket at a time.",
    allowed: "the name of a bucket in the cluster's region",
    example: "prod-x7k2p-loki",
    source: "this project",
    whenEmpty: "the bucket <infraID>-loki, which is created",
  }),
  lokiKmsKeyArn: key(text(arnProblem("key")), {
    description:
      "Customer managed KMS key of the bucket. Loki may use only this key: after a change it cannot read the logs that were written with another key.",
    allowed: "ARN of a KMS key in the cluster's region",
    example: "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
    source: "AWS (S3 default encryption)",
    whenEmpty: "the key managed by S3",
  }),
  lokiKeepBucket: key(flag(true), {
    description:
      "Whether the bucket with the logs stays in the account when the stack is destroyed or Loki is switched off. Nothing deletes the logs after that. false: the bucket is deleted with its contents. Set false and run pulumi up before you remove lokiSize.",
    example: "false",
    source: "this project",
  }),
  lokiOnInfraNodes: key(flag(false), {
    description: "Whether Loki's pods run on the infra nodes.",
    example: "true",
    source: `${LOKI}, template)`,
  }),
  logKinds: key(
    list((kind) => ((LOG_KINDS as readonly string[]).includes(kind) ? undefined : { wrong: "is not a kind of logs" }), {
      max: LOG_KINDS.length,
    }),
    {
      description: "Kinds of logs that the cluster's own Loki stores.",
      allowed: LOG_KINDS.join(", "),
      example: '["application", "infrastructure", "audit"]',
      source: `${FORWARDER}, pipelines.inputRefs)`,
      whenEmpty: "application and infrastructure",
    },
  ),
  logOutputs: key(records(logOutput, { max: 20, unique: "name" }), {
    description: "Systems to which logs are forwarded. Forwarding needs the operator cluster-logging in okd-aws:operators.",
    allowed: "a list of outputs",
    example:
      '[{"type": "splunk", "name": "siem", "url": "https://splunk.example.com:8088"}, {"type": "syslog", "name": "archive", "url": "tls://logs.example.com:6514"}]',
    source: `${FORWARDER}, outputs)`,
    whenEmpty: "none",
  }),
  logOutputSecrets: key(secretMap(), {
    description:
      "The secret of each output, by the output's name. The output's type decides whether the secret is a password, a token or a key.",
    allowed: "a map from an output's name to its secret",
    example: '{"siem": "01234567-89ab-cdef-0123-456789abcdef"}',
    source: `${FORWARDER}, outputs)`,
    whenEmpty: "none",
    secret: true,
  }),
  logPipelines: key(records(pipeline, { max: 50, unique: "name" }), {
    description: "Which logs are forwarded to which outputs, in addition to those that the cluster's own Loki stores.",
    allowed: "a list of pipelines",
    example: '[{"name": "security", "kinds": ["audit"], "outputs": ["siem"]}]',
    source: `${FORWARDER}, pipelines)`,
    whenEmpty: "none",
  }),
  logReaders: key(records(reader, { max: 100, unique: "name" }), {
    description:
      "Groups that may read the logs in the cluster's own Loki. Cluster administrators may read all logs; everybody else needs a rule in this list.",
    allowed: "a list of rules",
    example: '[{"name": "shop", "group": "shop-developers", "kinds": ["application"], "namespaces": ["shop"]}]',
    source: "OpenShift Logging (loki.grafana.com application, infrastructure and audit, get); Kubernetes (RBAC)",
    whenEmpty: "none",
  }),
} as const;
