/** The resources that the program declares for logging. program.ts lists the facts that this kind of test cannot prove. */
import * as example from "../unit/config/logging/example";
import { devStack } from "./configurations";
import { infraId } from "./installer-answers";
import { Program, stored } from "./program";
import { expectServiceBucket } from "./service-bucket";

const { CLOUDWATCH, forwardingTo, SYSLOG } = example;
// The dev stack is OKD, which does not have Red Hat's catalog.
const LOGGING_OPERATOR = { ...example.LOGGING_OPERATOR, source: "okderators" };
const WITH_LOKI = { ...example.WITH_LOKI, operators: [{ ...example.LOKI_OPERATOR, source: "okderators" }, LOGGING_OPERATOR] };

/** The Secret that the cloud credential operator would write. */
stored["logging-minted"] = { data: { aws_access_key_id: "aWQ=", aws_secret_access_key: "a2V5" } };

const own = (program: Program) => program.resources.filter(({ urn }) => /okd:cluster:(Logging|LokiStorage)\$/.test(urn));
const object = (program: Program, kind: string, name: string) => program.one(`kubernetes:${kind}`, name);
const KMS = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const permissions = (bucket: string) => [
  { action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], effect: "Allow", resource: `arn:aws:s3:::${bucket}/*` },
  { action: ["s3:ListBucket"], effect: "Allow", resource: `arn:aws:s3:::${bucket}` },
  { action: ["kms:GenerateDataKey", "kms:Decrypt"], effect: "Allow", resource: KMS },
];

test("a stack without a store and without pipelines declares nothing for logging", async () => {
  expect(own(await Program.run(devStack({ operators: WITH_LOKI.operators })))).toEqual([]);
});

describe("with a store", () => {
  let program: Program;
  beforeAll(async () => {
    program = await Program.run(devStack({ ...WITH_LOKI, lokiKmsKeyArn: KMS, ...readers() }));
  });

  test("the CredentialsRequest has the permissions on the bucket and the KMS key, and no others", () => {
    const { inputs } = object(program, "cloudcredential.openshift.io/v1:CredentialsRequest", "logging-credentials");
    const { providerSpec, secretRef } = inputs.spec as unknown as { providerSpec: { statementEntries: object[] }; secretRef: object };
    expect(providerSpec.statementEntries).toEqual(permissions(`${infraId}-loki`));
    expect(secretRef).toEqual({ name: "okd-aws-loki-credentials", namespace: "openshift-logging" });
    expect(own(program).filter(({ type }) => type === "aws:iam/role:Role")).toEqual([]);
  });

  test("the bucket is versioned and encrypted with the key, and never expires a log that Loki keeps", () => {
    expectServiceBucket(program, "loki-storage", KMS);
    expect(program.one("aws:s3/bucket:Bucket", "loki-storage-bucket").inputs.forceDestroy).toBe(false);
  });

  test("each object comes after its operator, and the wait for logging after Loki and the forwarder", () => {
    const ready = (name: string) => program.one("command:local:Command", `operator-${name}-ready`);
    const loki = object(program, "loki.grafana.com/v1:LokiStack", "logging-loki");
    const forwarder = object(program, "observability.openshift.io/v1:ClusterLogForwarder", "logging-forwarder");
    const wait = program.one("command:local:Command", "logging-ready");
    expect(program.isAfter(loki, ready("loki-operator"))).toBe(true);
    expect(program.isAfter(loki, object(program, "core/v1:Secret", "logging-bucket"))).toBe(true);
    expect(program.isAfter(forwarder, ready("cluster-logging"))).toBe(true);
    // On destroy the order is reversed: the collectors are deleted before Loki.
    expect(program.isAfter(forwarder, loki)).toBe(true);
    expect([loki, forwarder].map((each) => program.isAfter(wait, each))).toEqual([true, true]);
    expect(JSON.parse(wait.inputs.create as string)).toEqual({
      namespace: "openshift-logging",
      lokiStack: "logging-loki",
      forwarder: "okd-aws",
    });
  });

  test("the forwarder comes after every role of its collectors", () => {
    const forwarder = object(program, "observability.openshift.io/v1:ClusterLogForwarder", "logging-forwarder");
    const bindings = own(program).filter(({ type, name }) => type.endsWith(":ClusterRoleBinding") && !name.includes("read-"));
    expect(bindings).toHaveLength(4);
    expect(bindings.map((binding) => program.isAfter(forwarder, binding))).toEqual([true, true, true, true]);
  });

  test("the console gets no page of logs without the operator that provides the page", () => {
    expect(own(program).filter(({ type }) => type.endsWith(":UIPlugin"))).toEqual([]);
  });

  test("the minted keys are secret in the state", () => {
    const secret = object(program, "core/v1:Secret", "logging-bucket");
    expect(secret.inputs.data).toMatchObject({ access_key_id: "aWQ=", access_key_secret: "a2V5" });
    expect(secret.readable.data).toBe("[secret]");
  });

  test("log readers get a RoleBinding in their namespace", () => {
    expect(
      object(program, "rbac.authorization.k8s.io/v1:RoleBinding", "logging-RoleBinding-shop-okd-aws-read-application-logs-shop").inputs,
    ).toMatchObject({
      metadata: { namespace: "shop" },
    });
  });
});

function readers() {
  return { logReaders: [{ name: "shop", group: "shop", kinds: ["application"], namespaces: ["shop"] }] };
}

test("with credentialsMode manual Loki's service accounts assume a role, and the stack has no CredentialsRequest for an IAM user", async () => {
  const program = await Program.run(devStack({ ...WITH_LOKI, credentialsMode: "manual", lokiKmsKeyArn: KMS }));
  const { inputs } = program.one("aws:iam/role:Role", "loki-storage-role");
  const [statement] = (
    JSON.parse(inputs.assumeRolePolicy as string) as { Statement: { Condition: { StringEquals: Record<string, unknown> } }[] }
  ).Statement;
  const conditions = Object.entries(statement.Condition.StringEquals).map(([key, value]) => [key.split(":").at(-1), value]);
  expect(conditions).toEqual([
    ["aud", "sts.amazonaws.com"],
    ["sub", ["system:serviceaccount:openshift-logging:logging-loki", "system:serviceaccount:openshift-logging:logging-loki-ruler"]],
  ]);
  const policy = JSON.parse(program.one("aws:iam/rolePolicy:RolePolicy", "loki-storage-role-policy").inputs.policy as string) as {
    Statement: { Action: string[]; Effect: string; Resource: string }[];
  };
  expect(policy.Statement.map(({ Action: action, Effect: effect, Resource: resource }) => ({ action, effect, resource }))).toEqual(
    permissions(`${infraId}-loki`),
  );
  expect(own(program).filter(({ type }) => type.endsWith(":CredentialsRequest"))).toEqual([]);
  const { storage } = object(program, "loki.grafana.com/v1:LokiStack", "logging-loki").inputs.spec as unknown as {
    storage: { secret: object };
  };
  expect(storage.secret).toMatchObject({ credentialMode: "token" });
});

test("an existing bucket is used and not declared", async () => {
  const inRegion = (bucketRegion: string) => ({ "aws:s3/getBucket:getBucket": () => ({ bucketRegion }) });
  const keys = devStack({ ...WITH_LOKI, lokiBucketName: "old-x7k2p-loki" });
  await expect(Program.run(keys, inRegion("eu-west-1"))).rejects.toThrow(
    "lokiBucketName names old-x7k2p-loki, which does not exist, or is not in us-east-1",
  );
  const program = await Program.run(keys, inRegion("us-east-1"));
  expect(own(program).filter(({ type }) => type.startsWith("aws:s3/"))).toEqual([]);
  const { inputs } = object(program, "cloudcredential.openshift.io/v1:CredentialsRequest", "logging-credentials");
  expect(JSON.stringify(inputs.spec)).toContain("arn:aws:s3:::old-x7k2p-loki/*");
});

test("a stack that only forwards logs has neither a bucket nor a LokiStack", async () => {
  const program = await Program.run(devStack({ ...forwardingTo(SYSLOG), operators: [LOGGING_OPERATOR] }));
  expect(own(program).filter(({ type }) => /aws:|LokiStack|CredentialsRequest/.test(type))).toEqual([]);
  expect(object(program, "observability.openshift.io/v1:ClusterLogForwarder", "logging-forwarder").inputs.spec).toMatchObject({
    pipelines: [{ name: "all", inputRefs: ["application"], outputRefs: ["archive"] }],
  });
});

test("the wait for logging runs again when only the password of a log output changes", async () => {
  const triggers = async (keys: Record<string, unknown>) => {
    const program = await Program.run(devStack({ operators: [LOGGING_OPERATOR], ...keys }), {}, ["okd-aws:logOutputSecrets"]);
    return JSON.stringify(program.one("command:local:Command", "logging-ready").inputs.triggers);
  };
  const operators = { operators: [LOGGING_OPERATOR] };
  const base = await triggers({ ...forwardingTo(CLOUDWATCH, "hunter2"), ...operators });
  expect(await triggers({ ...forwardingTo(CLOUDWATCH, "hunter2"), ...operators })).toBe(base);
  expect(await triggers({ ...forwardingTo(CLOUDWATCH, "hunter3"), ...operators })).not.toBe(base);
});

test("the secrets of log outputs are secret in the state", async () => {
  const keys = { ...forwardingTo(CLOUDWATCH, "hunter2"), operators: [LOGGING_OPERATOR] };
  const program = await Program.run(devStack(keys), {}, ["okd-aws:logOutputSecrets"]);
  const secret = program.one("kubernetes:core/v1:Secret", "logging-outputs");
  expect(JSON.stringify(program.one("command:local:Command", "logging-ready").readable.triggers)).toContain("[secret]");
  expect(secret.inputs.data).toMatchObject({ "cloud.secret-key": Buffer.from("hunter2").toString("base64") });
  expect(secret.readable.data).toBe("[secret]");
});
