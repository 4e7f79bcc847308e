/** The objects of logging. */
import { collectorSinks, type ForwarderSpec } from "@okd-aws/sandbox/cluster/logging";
import { collectorAccess, readerAccess } from "../../../../cluster-objects/logging/access";
import { loggingPlugin } from "../../../../cluster-objects/logging/console";
import { clusterLogForwarder } from "../../../../cluster-objects/logging/forwarder";
import { LOKI_SCHEMAS, lokiCredentialsRequest, lokiSecretData, lokiStack } from "../../../../cluster-objects/logging/loki";
import { outputCas, outputFields, outputSecret, trustedOutputCas } from "../../../../cluster-objects/logging/outputs";
import type { ApiObject } from "../../../../cluster-objects/object";
import { schemaProblems } from "../../../../cluster-objects/schema/check";
import type { LoggingConfiguration, LogOutput, LokiConfiguration } from "../../../../config/logging/settings";
import { parseConfiguration } from "../../../../config/parse";
import { withKeys } from "../../config/fixture";
import { CERTIFICATE } from "../../config/key-material";
import { CLOUDWATCH, ELASTICSEARCH_OUTPUT, forwardingTo, HTTP, KAFKA, SPLUNK, SYSLOG, WITH_LOKI } from "../../config/logging/example";

const ROLE = "arn:aws:iam::123456789012:role/logs";

/** Settings with at least one output of each type. */
const settings = loggingOf({
  ...WITH_LOKI,
  logKinds: ["audit", "application"],
  logOutputs: [
    { ...ELASTICSEARCH_OUTPUT, ca: CERTIFICATE, logsPerSecond: 500 },
    SPLUNK,
    { ...KAFKA, mechanism: "SCRAM-SHA-512" },
    CLOUDWATCH,
    { type: "cloudwatch", name: "role", region: "us-east-1", groupName: "demo", roleArn: ROLE },
    SYSLOG,
    HTTP,
  ],
  logOutputSecrets: { search: "pass", siem: "t0ken", bus: "word", cloud: "s3cret", hook: "key" },
  logPipelines: [
    { name: "security", kinds: ["audit", "infrastructure"], outputs: ["siem", "archive", "search", "cloud", "role", "hook"] },
    { name: "team", kinds: ["application", "audit"], namespaces: ["team-*"], excludedNamespaces: ["team-test"], outputs: ["bus"] },
  ],
  logReaders: [
    { name: "auditors", group: "auditors", kinds: ["audit"] },
    { name: "shop", group: "shop", kinds: ["application"], namespaces: ["shop", "shop-test"] },
  ],
});

function loggingOf(keys: Readonly<Record<string, unknown>>): LoggingConfiguration {
  const { logging } = parseConfiguration(withKeys(keys)).platform;
  if (logging === undefined) throw new Error("logging is off");
  return logging;
}

function lokiOf({ loki }: LoggingConfiguration): LokiConfiguration {
  if (loki === undefined) throw new Error("there is no store");
  return loki;
}

const named = (name: string): LogOutput => {
  const found = settings.outputs.find((output) => output.name === name);
  if (found === undefined) throw new Error(`there is no output ${name}`);
  return found;
};
const specOf = (object: ApiObject) => object.spec as Record<string, unknown>;
const trusted = { ca: { configMapName: "okd-aws-log-trusted-cas", key: "ca-bundle.crt" } };
const reference = (key: string) => ({ secretName: "okd-aws-log-outputs", key });

test("all objects match their definitions", () => {
  const { account, bindings } = collectorAccess(settings);
  const objects = [
    lokiStack(lokiOf(settings), "static"),
    clusterLogForwarder(settings),
    account,
    ...bindings,
    ...readerAccess(settings.readers),
    loggingPlugin(),
    lokiCredentialsRequest([]),
    outputSecret(settings.outputs),
    outputCas(settings.outputs),
    trustedOutputCas(settings.outputs),
  ];
  expect(objects.flatMap((object): unknown[] => (object === undefined ? ["missing"] : schemaProblems(object)))).toEqual([]);
});

describe("the LokiStack", () => {
  test("limits the retention of each kind of logs, also of a kind that Loki no longer stores", () => {
    const loki = lokiOf(loggingOf({ ...WITH_LOKI, lokiApplicationDays: 3, lokiAuditDays: 365, logKinds: ["application"] }));
    const days = (count: number) => ({ retention: { days: count } });
    expect(specOf(lokiStack(loki, "static")).limits).toEqual({
      tenants: { application: days(3), infrastructure: days(7), audit: days(365) },
    });
  });

  test("always has the same schema, so that a later version of Loki can read the logs that an earlier version stored", () => {
    expect(LOKI_SCHEMAS).toEqual([{ version: "v13", effectiveDate: "2024-10-01" }]);
    const { storage } = specOf(lokiStack(lokiOf(settings), "token"));
    expect(storage).toEqual({ schemas: LOKI_SCHEMAS, secret: { type: "s3", name: "okd-aws-loki", credentialMode: "token" } });
  });

  test("places all components, including the ruler, on the infra nodes if lokiOnInfraNodes is set", () => {
    const loki = lokiOf(loggingOf({ ...WITH_LOKI, lokiOnInfraNodes: true, infraCount: 3, infraInstanceType: "m6i.4xlarge" }));
    const template = specOf(lokiStack(loki, "static")).template as Record<string, object>;
    expect(Object.keys(template).sort()).toEqual(
      ["compactor", "distributor", "gateway", "indexGateway", "ingester", "querier", "queryFrontend", "ruler"].sort(),
    );
    expect(template.ingester).toEqual({
      nodeSelector: { "node-role.kubernetes.io/infra": "" },
      tolerations: [{ key: "node-role.kubernetes.io/infra", operator: "Exists", effect: "NoSchedule" }],
    });
    expect(specOf(lokiStack(lokiOf(settings), "static"))).not.toHaveProperty("template");
  });
});

describe("Loki's Secret", () => {
  const texts = (data: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
  const bucket = { bucket: "demo-loki", region: "eu-central-1" };

  test("has the minted access keys under the names that Loki's operator expects", () => {
    const minted = {
      aws_access_key_id: Buffer.from("AKIA1").toString("base64"),
      aws_secret_access_key: Buffer.from("s3cret").toString("base64"),
    };
    expect(texts(lokiSecretData(bucket, minted, "amazonaws.com"))).toEqual({
      bucketnames: "demo-loki",
      region: "eu-central-1",
      endpoint: "https://s3.eu-central-1.amazonaws.com",
      access_key_id: "AKIA1",
      access_key_secret: "s3cret",
    });
  });

  test("has the role's ARN instead of access keys in mode manual", () => {
    const data = lokiSecretData(bucket, { roleArn: ROLE }, "amazonaws.com");
    expect(texts(data)).toEqual({ bucketnames: "demo-loki", region: "eu-central-1", role_arn: ROLE });
  });

  test("is refused if the minted Secret has no access keys", () => {
    expect(() => lokiSecretData(bucket, {}, "amazonaws.com")).toThrow("lacks aws_access_key_id or aws_secret_access_key");
  });
});

describe("the forwarder", () => {
  const { outputs, pipelines, inputs, collector } = specOf(clusterLogForwarder(settings)) as {
    outputs: { name: string; tls?: object }[];
    pipelines: object[];
    inputs: object[];
    collector: object;
  };

  test("sends the stored kinds of logs to Loki, and each pipeline's kinds to the pipeline's outputs", () => {
    expect(pipelines).toEqual([
      { name: "loki", inputRefs: ["application", "audit"], outputRefs: ["loki"] },
      { name: "security", inputRefs: ["audit", "infrastructure"], outputRefs: ["siem", "archive", "search", "cloud", "role", "hook"] },
      { name: "team", inputRefs: ["team-namespaces", "audit"], outputRefs: ["bus"] },
    ]);
    expect(inputs).toEqual([
      {
        name: "team-namespaces",
        type: "application",
        application: { includes: [{ namespace: "team-*" }], excludes: [{ namespace: "team-test" }] },
      },
    ]);
  });

  test("verifies Loki's certificate with the CA of the cluster's services, and runs collectors on nodes with any taint", () => {
    expect(outputs[0]).toMatchObject({ name: "loki", tls: { ca: { configMapName: "openshift-service-ca.crt", key: "service-ca.crt" } } });
    expect(collector).toEqual({ tolerations: [{ operator: "Exists" }] });
  });

  test("does not send to Loki if lokiSize is not set", () => {
    const spec = specOf(clusterLogForwarder(loggingOf(forwardingTo(SYSLOG)))) as {
      outputs: { name: string }[];
      pipelines: { name: string }[];
    };
    expect([...spec.outputs, ...spec.pipelines].map(({ name }) => name)).toEqual(["archive", "all"]);
  });
});

describe("an output", () => {
  test.each([
    [
      "search",
      {
        elasticsearch: {
          url: "https://search.example.com:9200",
          version: 8,
          index: '{.log_type||"unknown"}',
          authentication: { username: reference("search.username"), password: reference("search.password") },
        },
        tls: { ca: { configMapName: "okd-aws-log-output-cas", key: "search.ca-bundle.crt" } },
        rateLimit: { maxRecordsPerSecond: 500 },
      },
    ],
    ["siem", { splunk: { url: "https://splunk.example.com:8088", authentication: { token: reference("siem.token") } } }],
    [
      "bus",
      {
        kafka: {
          brokers: ["tls://kafka.example.com:9093"],
          topic: "logs",
          authentication: {
            sasl: { mechanism: "SCRAM-SHA-512", username: reference("bus.username"), password: reference("bus.password") },
          },
        },
        tls: trusted,
      },
    ],
    [
      "cloud",
      {
        cloudwatch: {
          region: "us-east-1",
          groupName: 'demo/{.log_type||"unknown"}',
          authentication: {
            type: "awsAccessKey",
            awsAccessKey: { keyId: reference("cloud.access-key"), keySecret: reference("cloud.secret-key") },
          },
        },
      },
    ],
    [
      "role",
      {
        cloudwatch: {
          region: "us-east-1",
          groupName: "demo",
          authentication: { type: "iamRole", iamRole: { roleARN: reference("role.role"), token: { from: "serviceAccount" } } },
        },
      },
    ],
    ["archive", { syslog: { url: "tls://logs.example.com:6514", rfc: "RFC5424" }, tls: trusted }],
    [
      "hook",
      {
        http: {
          url: "https://hook.example.com/logs",
          method: "POST",
          authentication: { token: { from: "secret", secret: { name: "okd-aws-log-outputs", key: "hook.token" } } },
        },
      },
    ],
  ])("%s has the fields of its type, and refers to the keys of its secrets", (name, fields) => {
    const { type } = named(name);
    expect(outputFields(named(name))).toEqual({ name, type, ...fields });
  });

  test("refers only to keys that the Secret has, and the ClusterLogForwarder contains no secret", () => {
    const data = outputSecret(settings.outputs)?.data ?? {};
    const text = JSON.stringify(clusterLogForwarder(settings));
    const keys = [...text.matchAll(/"key":"([^"]+\.(?:username|password|token|access-key|secret-key|role))"/g)].map(([, key]) => key);
    expect([...new Set(keys)].sort()).toEqual(Object.keys(data).sort());
    expect(Buffer.from(data["siem.token"], "base64").toString()).toBe("t0ken");
    expect(text).not.toMatch(/t0ken|s3cret|"pass"|"word"/);
  });
});

describe("TLS to syslog and Kafka", () => {
  const sinksTo = (...outputs: { readonly name: string; readonly [field: string]: unknown }[]) => {
    const pipelines = [{ name: "all", kinds: ["application"], outputs: outputs.map(({ name }) => name) }];
    const keys = { ...forwardingTo(outputs[0]), logOutputs: outputs, logPipelines: pipelines };
    const secrets = outputs.some(({ username }) => username !== undefined) ? { logOutputSecrets: { bus: "word" } } : {};
    return collectorSinks(specOf(clusterLogForwarder(loggingOf({ ...keys, ...secrets }))) as unknown as ForwarderSpec);
  };

  test("is enabled for each tls:// URL through a CA, the output's own one or those that the cluster trusts, because the operator ignores the URL", () => {
    const sinks = sinksTo(SYSLOG, { ...SYSLOG, name: "own", ca: CERTIFICATE }, KAFKA);
    const bundle = "/var/run/ocp-collector/config/okd-aws-log-trusted-cas/ca-bundle.crt";
    expect(sinks.match(/^ca_file = .*$/gm)).toEqual(
      [bundle, "/var/run/ocp-collector/config/okd-aws-log-output-cas/own.ca-bundle.crt", bundle].map((path) => `ca_file = "${path}"`),
    );
    expect(sinks.match(/^enabled = true$/gm)).toHaveLength(3);
  });

  test("is disabled for a tcp:// URL, and no trusted CAs are stored for it", () => {
    const plain = { ...SYSLOG, url: "tcp://logs.example.com:514" };
    expect(sinksTo(plain)).not.toContain("tls");
    expect(trustedOutputCas([plain as unknown as LogOutput])).toBeUndefined();
  });
});

describe("access", () => {
  test("the collectors may collect only the configured kinds of logs, and write only the stored kinds to Loki", () => {
    const roles = (all: LoggingConfiguration) =>
      collectorAccess(all).bindings.map(({ roleRef, subjects }) =>
        [(roleRef as { name: string }).name, (subjects as { name: string }[])[0].name].join(" "),
      );
    expect(roles(settings)).toEqual(
      [
        "collect-application-logs",
        "collect-infrastructure-logs",
        "collect-audit-logs",
        "cluster-logging-write-application-logs",
        "cluster-logging-write-audit-logs",
      ].map((role) => `${role} okd-aws-collector`),
    );
    expect(roles(loggingOf({ ...WITH_LOKI, logKinds: ["application"] }))).toEqual(
      ["collect-application-logs", "cluster-logging-write-application-logs"].map((role) => `${role} okd-aws-collector`),
    );
  });

  test("a reader of application logs gets a RoleBinding in each of its namespaces, and a reader of audit logs a ClusterRoleBinding", () => {
    const [objects, ...rest] = [readerAccess(settings.readers)];
    expect(rest).toEqual([]);
    expect(objects.map(({ kind, metadata: { name, namespace } }) => [kind, namespace, name])).toEqual([
      ["ClusterRole", undefined, "okd-aws-read-application-logs"],
      ["ClusterRole", undefined, "okd-aws-read-audit-logs"],
      ["ClusterRoleBinding", undefined, "okd-aws-read-audit-logs-auditors"],
      ["RoleBinding", "shop", "okd-aws-read-application-logs-shop"],
      ["RoleBinding", "shop-test", "okd-aws-read-application-logs-shop"],
    ]);
    expect(objects[0].rules).toEqual([
      { apiGroups: ["loki.grafana.com"], resources: ["application"], resourceNames: ["logs"], verbs: ["get"] },
    ]);
    expect(objects[3].subjects).toEqual([{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "shop" }]);
  });
});
