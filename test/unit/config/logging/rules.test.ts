/** Settings of logging that are refused, and the keys that the error names. */
import { loggingOperatorsFitTheCluster } from "../../../../config/logging/rules";
import type { Facts } from "../../../../config/rule";
import { problemKeys, problemsOf, withKeys } from "../fixture";
import { type RefusedConfiguration, testRefusals } from "../refusals";
import {
  CLOUDWATCH,
  ELASTICSEARCH_OUTPUT,
  forwardingTo,
  HTTP,
  KAFKA,
  LOGGING_OPERATOR,
  LOKI_OPERATOR,
  SPLUNK,
  SYSLOG,
  WITH_LOKI,
} from "./example";

const pipeline = (more: object) => ({
  ...forwardingTo(SYSLOG),
  logPipelines: [{ name: "all", kinds: ["application"], outputs: ["archive"], ...more }],
});
const reader = (more: object) => ({ ...WITH_LOKI, logReaders: [{ name: "shop", group: "shop", kinds: ["application"], ...more }] });

const REFUSED: readonly RefusedConfiguration[] = [
  ["a store without operators", { lokiSize: "1x.demo" }, ["lokiSize", "lokiSize"]],
  ["a store without the operator of the collectors", { ...WITH_LOKI, operators: [LOKI_OPERATOR] }, ["lokiSize"]],
  ["forwarding without an operator", { ...forwardingTo(SYSLOG), operators: [] }, ["logPipelines"]],
  [
    "the operator of the collectors in another namespace",
    { ...WITH_LOKI, operators: [LOKI_OPERATOR, { ...LOGGING_OPERATOR, namespace: "logging" }] },
    ["operators"],
  ],
  [
    "a Loki operator that watches one namespace",
    { ...WITH_LOKI, operators: [{ ...LOKI_OPERATOR, targetNamespaces: ["openshift-logging"] }, LOGGING_OPERATOR] },
    ["operators"],
  ],
  [
    "operators of logging 5",
    {
      ...WITH_LOKI,
      operators: [
        { ...LOKI_OPERATOR, channel: "stable-5.9", startingCSV: "loki-operator.v5.9.1" },
        { ...LOGGING_OPERATOR, channel: "stable", startingCSV: "cluster-logging.v5.9.1" },
      ],
    },
    ["operators", "operators"],
  ],
  [
    "1x.pico of an operator that does not know it",
    {
      ...WITH_LOKI,
      lokiSize: "1x.pico",
      operators: [{ ...LOKI_OPERATOR, channel: "stable-6.0", startingCSV: "loki-operator.v6.0.1" }, LOGGING_OPERATOR],
    },
    ["lokiSize"],
  ],
  ["a size that does not exist", { ...WITH_LOKI, lokiSize: "2x.small" }, ["lokiSize"]],
  ["Loki on nodes that are too small for one of its pods", { ...WITH_LOKI, workerInstanceType: "m6i.large" }, ["workerInstanceType"]],
  ["Loki on too few nodes", { ...WITH_LOKI, workerInstanceType: "m6i.xlarge" }, ["workerCount"]],
  [
    "Loki on infra nodes that are too small",
    { ...WITH_LOKI, lokiOnInfraNodes: true, infraCount: 2, infraInstanceType: "m6i.xlarge" },
    ["infraCount"],
  ],
  [
    "settings of a store that is not there",
    {
      lokiStorageClass: "fast",
      lokiAuditDays: 90,
      lokiBucketName: "logs-bucket",
      lokiOnInfraNodes: true,
      infraCount: 1,
      logKinds: ["audit"],
      logReaders: [{ name: "a", group: "b", kinds: ["audit"] }],
    },
    ["lokiStorageClass", "lokiAuditDays", "lokiBucketName", "lokiOnInfraNodes", "logKinds", "logReaders"],
  ],
  ["a bucket that is not deleted any more", { lokiKeepBucket: false }, ["lokiKeepBucket"]],
  ["a retention of no day", { ...WITH_LOKI, lokiApplicationDays: 0 }, ["lokiApplicationDays"]],
  ["a bucket's URL", { ...WITH_LOKI, lokiBucketName: "s3://logs" }, ["lokiBucketName"]],
  ["a KMS key of another region", { ...WITH_LOKI, lokiKmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" }, ["lokiKmsKeyArn"]],
  [
    "logs on a shared file system",
    { ...WITH_LOKI, storageClasses: [{ type: "efs", name: "shared", fileSystemId: "fs-0123456789abcdef0" }], lokiStorageClass: "shared" },
    ["lokiStorageClass"],
  ],
  [
    "volumes in a cluster without their driver",
    {
      ...WITH_LOKI,
      baselineCapabilitySet: "None",
      additionalEnabledCapabilities: ["OperatorLifecycleManager", "marketplace", "CloudCredential", "Ingress", "CloudControllerManager"],
    },
    ["lokiSize"],
  ],
  ["infra nodes that do not exist", { ...WITH_LOKI, lokiOnInfraNodes: true }, ["lokiOnInfraNodes"]],
  ["a kind of logs that does not exist", { ...WITH_LOKI, logKinds: ["audits"] }, ["logKinds"]],
  ["readers of logs that are not stored", reader({ kinds: ["application", "audit"] }), ["logReaders"]],
  ...["audit", "infrastructure"].map((kind): RefusedConfiguration => [
    `readers of the ${kind} logs of a namespace, which would be those of the whole cluster`,
    { ...reader({ kinds: ["application", kind], namespaces: ["shop"] }), logKinds: ["application", kind] },
    ["logReaders"],
  ]),
  ["readers of the platform's namespaces", reader({ namespaces: ["openshift-ingress"] }), ["logReaders"]],
  ["readers without a kind", reader({ kinds: [] }), ["logReaders"]],
  ["a group with a colon", reader({ group: "github:team" }), ["logReaders"]],
  ["an output without its secret", forwardingTo(SPLUNK), ["logOutputSecrets"]],
  ["a secret of an output that needs none", forwardingTo(SYSLOG, "s3cret"), ["logOutputSecrets"]],
  ["a user without basic login", forwardingTo({ ...ELASTICSEARCH_OUTPUT, login: "none" }), ["logOutputs"]],
  ["basic login without a user", forwardingTo({ ...ELASTICSEARCH_OUTPUT, username: undefined }, "pass"), ["logOutputs"]],
  ["a login without encryption", forwardingTo({ ...HTTP, url: "http://hook.example.com" }, "t0ken"), ["logOutputs"]],
  ["a login at a broker without encryption", forwardingTo({ ...KAFKA, brokers: ["tcp://kafka.example.com:9092"] }, "pass"), ["logOutputs"]],
  ["Kafka without brokers", forwardingTo({ ...KAFKA, brokers: [] }, "pass"), ["logOutputs"]],
  [
    "a broker without encryption next to one with it, which turns encryption off",
    forwardingTo({ ...KAFKA, username: undefined, brokers: ["tls://kafka.example.com:9093", "tcp://kafka.example.com:9092"] }),
    ["logOutputs"],
  ],
  [
    "a broker with TLS in capital letters, which turns encryption off",
    forwardingTo({ ...KAFKA, brokers: ["TLS://kafka.example.com:9093"] }, "pass"),
    ["logOutputs"],
  ],
  [
    "an existing bucket, while this stack's own would be deleted",
    { ...WITH_LOKI, lokiBucketName: "prod-x7k2p-loki", lokiKeepBucket: false },
    ["lokiKeepBucket"],
  ],
  ["a mechanism without a user", forwardingTo({ ...KAFKA, username: undefined, mechanism: "PLAIN" }), ["logOutputs"]],
  ["a broker without a port", forwardingTo({ ...KAFKA, brokers: ["tls://kafka.example.com"] }, "pass"), ["logOutputs"]],
  ["CloudWatch without a login", forwardingTo({ ...CLOUDWATCH, accessKeyId: undefined }), ["logOutputs"]],
  [
    "CloudWatch with a role in a cluster whose tokens AWS does not know",
    {
      ...forwardingTo({ ...CLOUDWATCH, accessKeyId: undefined, roleArn: "arn:aws:iam::123456789012:role/logs" }),
      credentialsMode: "mint",
    },
    ["logOutputs"],
  ],
  ["a syslog server by HTTP", forwardingTo({ ...SYSLOG, url: "https://logs.example.com:6514" }), ["logOutputs"]],
  ["a CA that is not one", forwardingTo({ ...SYSLOG, ca: "-----BEGIN" }), ["logOutputs"]],
  ["a field of a log without an alternative", forwardingTo({ ...CLOUDWATCH, groupName: "logs-{.log_type}" }, "s3cret"), ["logOutputs"]],
  ["an output with the name of the store", forwardingTo({ ...SYSLOG, name: "loki" }), ["logOutputs", "logPipelines"]],
  ["two outputs with one name", { ...forwardingTo(SYSLOG), logOutputs: [SYSLOG, SYSLOG] }, ["logOutputs"]],
  ["an output that gets no logs", { ...forwardingTo(SYSLOG), logOutputs: [SYSLOG, { ...SYSLOG, name: "other" }] }, ["logOutputs"]],
  ["a pipeline to an unknown output", pipeline({ outputs: ["archive", "other"] }), ["logPipelines"]],
  ["a pipeline to nowhere", pipeline({ outputs: [] }), ["logOutputs", "logPipelines"]],
  ["namespaces of audit logs", pipeline({ kinds: ["audit"], namespaces: ["shop"] }), ["logPipelines"]],
  ["the platform's namespaces as applications", pipeline({ namespaces: ["openshift-*"] }), ["logPipelines"]],
  ["a regular expression of namespaces", pipeline({ namespaces: ["team-(a|b)"] }), ["logPipelines"]],
];

testRefusals(REFUSED);

test("both missing operators can be added one after the other with the suggested commands", () => {
  const fixes = problemsOf(withKeys({ lokiSize: "1x.demo" })).map(({ fix }) => fix);
  expect(fixes.map((fix) => /operators\[(\d)\]' '?(\{.*\})'?$/.exec(fix)?.slice(1))).toEqual([
    ["0", expect.stringContaining('"loki-operator"') as string],
    ["1", expect.stringContaining('"cluster-logging"') as string],
  ]);
});

test("the suggested channel is the newest that supports the release", () => {
  const channel = (keys: object) => /stable-[\d.]+/.exec(problemsOf(withKeys({ lokiSize: "1x.demo", ...keys })).at(0)?.fix ?? "")?.[0];
  const of = (release: string) => channel({ release, distribution: "okd" });
  expect(["4.16.0-okd-scos.1", "4.18.0-okd-scos.1", "4.19.0-okd-scos.1"].map(of)).toEqual(["stable-6.0", "stable-6.1", "stable-6.3"]);
});

test("every type of output is accepted with its secret", () => {
  const logOutputs = [
    ELASTICSEARCH_OUTPUT,
    SPLUNK,
    KAFKA,
    CLOUDWATCH,
    SYSLOG,
    HTTP,
    { ...SYSLOG, name: "plain", url: "udp://logs.example.com:514" },
  ];
  const logOutputSecrets = { search: "pass", siem: "t0ken", bus: "pass", cloud: "s3cret", hook: "t0ken" };
  const outputs = logOutputs.map(({ name }) => name);
  const logPipelines = [
    { name: "security", kinds: ["audit", "infrastructure"], outputs },
    { name: "team", kinds: ["application"], namespaces: ["team-*"], excludedNamespaces: ["team-test"], outputs: ["bus"] },
  ];
  const { operators } = WITH_LOKI;
  expect(problemKeys({ operators, logOutputs, logOutputSecrets, logPipelines })).toEqual([]);
  expect(problemKeys({ ...WITH_LOKI, logOutputs, logOutputSecrets, logPipelines })).toEqual([]);
});

test("Loki with all kinds of logs, on infra nodes, with readers and an existing bucket is accepted", () => {
  const keys = {
    ...WITH_LOKI,
    lokiOnInfraNodes: true,
    infraCount: 3,
    infraInstanceType: "m6i.4xlarge",
    lokiBucketName: "prod-x7k2p-loki",
    logKinds: ["application", "infrastructure", "audit"],
    lokiAuditDays: 365,
    logReaders: [{ name: "all", group: "system:authenticated", kinds: ["application"], namespaces: ["shop"] }],
  };
  expect(problemKeys(keys)).toEqual([]);
});

test("the default workers have room for the size 1x.demo, but not for 1x.extra-small", () => {
  const small = { operators: WITH_LOKI.operators };
  expect(problemKeys({ ...small, lokiSize: "1x.demo" })).toEqual([]);
  expect(problemKeys({ ...small, lokiSize: "1x.extra-small" })).toEqual(["workerCount"]);
});

test("a warning names operators that do not support the cluster's release", () => {
  const old = { ...LOGGING_OPERATOR, channel: "stable-6.1", startingCSV: "cluster-logging.v6.1.2" };
  const pipelines = [{ name: "all", kinds: ["audit" as const], outputs: ["archive"] }];
  const warnings = (operator: typeof old) =>
    loggingOperatorsFitTheCluster.check({
      lokiSize: "",
      logPipelines: pipelines,
      operators: [operator],
      release: "4.19.0-okd-scos.1",
    } as unknown as Facts);
  expect(warnings(old).map(({ text }) => text)).toEqual([
    expect.stringContaining("cluster-logging 6.1 is made for OpenShift up to 4.18") as string,
  ]);
  expect(warnings(LOGGING_OPERATOR)).toEqual([]);
});

test("no error shows a secret", () => {
  const keys = { ...forwardingTo(SPLUNK), logOutputSecrets: { siem: "hunter2", unused: "hunter3" } };
  expect(JSON.stringify(problemsOf(withKeys(keys)))).not.toMatch(/hunter[23]/);
});
