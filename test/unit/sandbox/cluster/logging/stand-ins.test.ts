/** The checks of the stand-ins for the Loki operator and the logging operator. The messages are those of the real operators. */
import { collectorSinks } from "../../../../../sandbox/cluster/logging/collector-sinks";
import {
  collectedKinds,
  type ForwarderSpec,
  inputConditions,
  outputConditions,
  pipelineConditions,
} from "../../../../../sandbox/cluster/logging/forwarder-conditions";
import { schemaProblem, secretProblem } from "../../../../../sandbox/cluster/logging/loki-storage";

const STATIC = {
  bucketnames: "logs",
  region: "us-east-1",
  endpoint: "https://s3.us-east-1.amazonaws.com",
  access_key_id: "id",
  access_key_secret: "secret",
};
const without = (key: keyof typeof STATIC) => Object.fromEntries(Object.entries(STATIC).filter(([name]) => name !== key));
const invalid = (text: string) => ({ reason: "InvalidObjectStorageSecret", message: `Invalid object storage secret contents: ${text}` });

describe("the stand-in for the Loki operator", () => {
  test("accepts keys, and a role in token mode", () => {
    expect(secretProblem(STATIC, "static")).toBeUndefined();
    expect(secretProblem(STATIC, undefined)).toBeUndefined();
    expect(secretProblem({ bucketnames: "logs", region: "us-east-1", role_arn: "arn" }, "token")).toBeUndefined();
  });

  test.each([
    ["no Secret", undefined, "static", { reason: "MissingObjectStorageSecret", message: "Missing object storage secret" }],
    ["no bucket", without("bucketnames"), "static", invalid("missing secret field: bucketnames")],
    ["no endpoint", without("endpoint"), "static", invalid("missing secret field: endpoint")],
    ["no key", without("access_key_id"), "static", invalid("missing secret field: access_key_id")],
    ["a token without a region", { bucketnames: "logs", role_arn: "arn" }, "token", invalid("missing secret field: region")],
    [
      "a host without a scheme",
      { ...STATIC, endpoint: "s3.us-east-1.amazonaws.com" },
      "static",
      invalid("endpoint for S3 must be an HTTP or HTTPS URL"),
    ],
    [
      "a path",
      { ...STATIC, endpoint: "https://s3.us-east-1.amazonaws.com/logs" },
      "static",
      invalid("endpoint for S3 must not include a path: /logs"),
    ],
    [
      "the endpoint of another region",
      { ...STATIC, endpoint: "https://s3.eu-west-1.amazonaws.com" },
      "static",
      invalid("endpoint for AWS S3 must include correct region: https://s3.us-east-1.amazonaws.com"),
    ],
  ])("refuses %s", (_, data, mode, refusal) => {
    expect(secretProblem(data, mode)).toEqual(refusal);
  });

  const now = new Date("2026-01-02T12:00:00Z");
  const v13 = { version: "v13", effectiveDate: "2024-10-01" };
  test.each([
    ["no schema", [], [], "spec does not contain any schemas"],
    [
      "a schema that begins tomorrow",
      [{ ...v13, effectiveDate: "2026-01-04" }],
      [],
      "spec contains invalid schema entry: Schema does not contain a valid starting effective date",
    ],
    [
      "another date of the applied schema",
      [{ ...v13, effectiveDate: "2025-01-01" }],
      [v13],
      "spec contains invalid schema entry: Cannot retroactively add schema",
    ],
    [
      "another version of the applied schema",
      [{ ...v13, version: "v12" }],
      [v13],
      "spec contains invalid schema entry: Cannot retroactively change schema",
    ],
    ["two schemas of one day", [v13, v13], [], "spec contains invalid schema entry: Effective dates are not unique"],
  ])("refuses %s", (_, schemas, applied, text) => {
    expect(schemaProblem(schemas, applied, now)).toEqual({
      reason: "InvalidObjectStorageSchema",
      message: `Invalid object storage schema contents: ${text}`,
    });
  });

  test("accepts the same schema again, and a later one in addition", () => {
    expect(schemaProblem([v13], [v13], now)).toBeUndefined();
    expect(schemaProblem([v13, { version: "v13", effectiveDate: "2026-02-01" }], [v13], now)).toBeUndefined();
  });
});

describe("the stand-in for the logging operator", () => {
  const spec: ForwarderSpec = {
    serviceAccount: { name: "collector" },
    inputs: [
      { name: "team", type: "application", application: { includes: [{ namespace: "team-[a]" }], excludes: [{ namespace: "x*" }] } },
    ],
    outputs: [
      { name: "siem", type: "splunk", splunk: { authentication: { token: { secretName: "outputs", key: "siem.token" } } } },
      {
        name: "hook",
        type: "http",
        http: { authentication: { token: { from: "secret", secret: { name: "outputs", key: "hook.token" } } } },
      },
      { name: "archive", type: "syslog", tls: { ca: { configMapName: "cas", key: "ca" } } },
    ],
    pipelines: [{ name: "all", inputRefs: ["team", "audit", "other"], outputRefs: ["siem", "archive", "lost"] }],
  };
  const messages = (conditions: readonly { type: string; status: string; message: string }[]) =>
    conditions.map(({ type, status, message }) => `${type.split("/")[1]} ${status}: ${message}`);

  test("refuses patterns that are not globs", () => {
    expect(messages(inputConditions(spec))).toEqual([
      'ValidInput-team False: globs must match "^[a-zA-Z0-9\\\\*\\\\-]*$" for: includes[0].namespace',
    ]);
  });

  test("refuses outputs without their Secrets and ConfigMaps, and outputs that no pipeline names", () => {
    const values = { outputs: { "siem.token": "", "hook.token": "x" } };
    const lookup = (kind: string, name: string) => (kind === "secret" && name === "outputs" ? values.outputs : undefined);
    expect(messages(outputConditions(spec, lookup))).toEqual([
      "ValidOutput-siem False: secret[outputs.siem.token] value is empty",
      "ValidOutput-hook False: not referenced by any pipeline",
      "ValidOutput-archive False: configmap[cas] not found",
    ]);
    expect(messages(outputConditions(spec, () => ({})))[0]).toBe("ValidOutput-siem False: secret[outputs.siem.token] not found");
  });

  test("encrypts syslog and Kafka only with a CA, whatever the URL says", () => {
    const syslog = { name: "archive", type: "syslog", syslog: { url: "tls://logs.example.com:6514" } };
    const kafka = (brokers: string[]) => ({
      name: "bus",
      type: "kafka",
      kafka: { brokers },
      tls: { ca: { configMapName: "cas", key: "ca" } },
    });
    const sinks = (...outputs: ForwarderSpec["outputs"]) => collectorSinks({ outputs }).split("\n");
    expect(sinks(syslog, { ...syslog, tls: {} })).not.toContain("enabled = true");
    expect(sinks(syslog)).toContain('mode = "tcp"');
    expect(sinks({ ...syslog, tls: { ca: { configMapName: "cas", key: "ca" } } })).toContain("[sinks.output_archive.tls]");
    expect(sinks(kafka(["tls://a:9093"]))).toContain('ca_file = "/var/run/ocp-collector/config/cas/ca"');
    expect(sinks(kafka(["tls://a:9093", "tcp://b:9092"]))).not.toContain("enabled = true");
  });

  test("refuses pipelines with unknown inputs and outputs", () => {
    expect(messages(pipelineConditions(spec))).toEqual(["ValidPipeline-all False: refs not found: inputs[other],outputs[lost]"]);
  });

  test("requires the permission to collect infrastructure logs if an input names namespaces of the platform", () => {
    expect(collectedKinds(spec)).toEqual(["application", "audit"]);
    const inputs = [{ name: "team", type: "application", application: { includes: [{ namespace: "openshift-*" }] } }];
    expect(collectedKinds({ ...spec, inputs })).toEqual(["application", "audit", "infrastructure"]);
  });
});
