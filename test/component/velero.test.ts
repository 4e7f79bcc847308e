/** The resources that the program declares for Velero. program.ts lists the facts that this kind of test cannot prove. */
import { devStack } from "./configurations";
import { infraId } from "./installer-answers";
import { type Declared, Program } from "./program";

const own = (program: Program) => program.resources.filter(({ urn }) => urn.includes("okd:cluster:Velero$"));
const object = (program: Program, kind: string, name: string) => program.one(`kubernetes:${kind}`, name);
const variables = ({ inputs }: Declared) => {
  const { template } = inputs.spec as unknown as { template: { spec: { containers: { env: { name: string; value?: string }[] }[] } } };
  return Object.fromEntries(template.spec.containers[0].env.map(({ name, value }) => [name, value]));
};
const KMS = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const permissions = (bucket: string) => [
  {
    action: ["s3:GetObject", "s3:DeleteObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
    effect: "Allow",
    resource: `arn:aws:s3:::${bucket}/*`,
  },
  { action: ["s3:ListBucket"], effect: "Allow", resource: `arn:aws:s3:::${bucket}` },
  { action: ["kms:GenerateDataKey", "kms:Decrypt"], effect: "Allow", resource: KMS },
];

test("a stack without schedules declares nothing for Velero", async () => {
  expect(own(await Program.run(devStack({})))).toEqual([]);
});

describe("with schedules", () => {
  let program: Program;
  beforeAll(async () => {
    program = await Program.run(
      devStack({
        veleroSchedules: [{ name: "daily" }, { name: "shop", includedNamespaces: ["shop"], volumes: true }],
        veleroKmsKeyArn: KMS,
      }),
    );
  });

  test("the cloud credential operator is asked for the permissions on the bucket and the key", () => {
    const { inputs } = object(program, "cloudcredential.openshift.io/v1:CredentialsRequest", "velero-credentials");
    const { providerSpec, secretRef } = inputs.spec as unknown as { providerSpec: { statementEntries: object[] }; secretRef: object };
    expect(providerSpec.statementEntries).toEqual(permissions(`${infraId}-velero`));
    expect(secretRef).toEqual({ name: "cloud-credentials", namespace: "velero" });
    expect(own(program).filter(({ type }) => type === "aws:iam/role:Role")).toEqual([]);
  });

  test("the bucket is versioned, encrypted with the key, and never expires a backup that Velero keeps", () => {
    const encryption = program.one(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "velero-storage-encryption",
    );
    expect(JSON.stringify(encryption.inputs.rules)).toContain(KMS);
    const lifecycle = program.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "velero-storage-lifecycle");
    const rules = lifecycle.inputs.rules as unknown as { expiration?: { days?: number }; noncurrentVersionExpiration?: object }[];
    expect(rules.map(({ expiration }) => expiration?.days)).toEqual([undefined, undefined]);
    expect(rules[0].noncurrentVersionExpiration).toEqual({ noncurrentDays: 7 });
    expect(program.one("aws:s3/bucketVersioning:BucketVersioning", "velero-storage-versioning").inputs.versioningConfiguration).toEqual({
      status: "Enabled",
    });
  });

  test("each schedule's first backup comes after the server, the location and the schedule", () => {
    for (const name of ["daily", "shop"]) {
      const first = program.one("command:local:Command", `velero-first-backup-${name}`);
      expect(JSON.parse(first.inputs.create as string)).toEqual({ schedule: name });
      const before = [
        object(program, "apps/v1:Deployment", "velero-server"),
        object(program, "velero.io/v1:BackupStorageLocation", "velero-location"),
        object(program, "velero.io/v1:Schedule", `velero-schedule-${name}`),
      ];
      expect(before.map((each) => program.isAfter(first, each))).toEqual([true, true, true]);
    }
  });

  test("the server is deleted before the restores lose their finalizers, and the CRDs after that", () => {
    const removal = program.one("command:local:Command", "velero-removal");
    expect(removal.inputs.create).toBeUndefined();
    expect(program.isAfter(object(program, "apps/v1:Deployment", "velero-server"), removal)).toBe(true);
    const crds = program.all("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition");
    expect(crds).toHaveLength(13);
    expect(crds.map((crd) => program.isAfter(removal, crd))).toEqual(crds.map(() => true));
  });

  test("each schedule comes after its volume policy", () => {
    const policy = (name: string) => object(program, "core/v1:ConfigMap", `velero-policy-${name}`);
    const after = (name: string, policyName: string) =>
      program.isAfter(object(program, "velero.io/v1:Schedule", `velero-schedule-${name}`), policy(policyName));
    expect([after("daily", "skip-volumes"), after("shop", "snapshot-ebs-volumes")]).toEqual([true, true]);
  });

  test("the VolumeSnapshotClass has the deletion policy Retain", () => {
    expect(object(program, "snapshot.storage.k8s.io/v1:VolumeSnapshotClass", "velero-snapshot-class").inputs.deletionPolicy).toBe("Retain");
  });
});

test("with credentialsMode manual Velero's service account assumes a role, and the stack has no CredentialsRequest for an IAM user", async () => {
  const program = await Program.run(devStack({ credentialsMode: "manual", veleroSchedules: [{ name: "daily" }], veleroKmsKeyArn: KMS }));
  const { inputs } = program.one("aws:iam/role:Role", "velero-storage-role");
  const [statement] = (
    JSON.parse(inputs.assumeRolePolicy as string) as { Statement: { Condition: { StringEquals: Record<string, unknown> } }[] }
  ).Statement;
  const conditions = Object.entries(statement.Condition.StringEquals).map(([key, value]) => [key.split(":").at(-1), value]);
  expect(conditions).toEqual([
    ["aud", "sts.amazonaws.com"],
    ["sub", ["system:serviceaccount:velero:velero"]],
  ]);
  const policy = JSON.parse(program.one("aws:iam/rolePolicy:RolePolicy", "velero-storage-role-policy").inputs.policy as string) as {
    Statement: { Action: string[]; Effect: string; Resource: string }[];
  };
  expect(policy.Statement.map(({ Action: action, Effect: effect, Resource: resource }) => ({ action, effect, resource }))).toEqual(
    permissions(`${infraId}-velero`),
  );
  expect(own(program).filter(({ type }) => type.endsWith(":CredentialsRequest"))).toEqual([]);
  expect(variables(program.one("kubernetes:apps/v1:Deployment", "velero-server"))).toMatchObject({
    AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/secrets/aws/token",
  });
});
