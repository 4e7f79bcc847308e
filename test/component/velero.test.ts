/** The resources that the program declares for Velero. program.ts lists the facts that this kind of test cannot prove. */
import { devStack } from "./configurations";
import { infraId } from "./installer-answers";
import { type Declared, Program } from "./program";
import { expectServiceBucket } from "./service-bucket";

const own = (program: Program) => program.resources.filter(({ urn }) => urn.includes("okd:cluster:Velero$"));
const object = (program: Program, kind: string, name: string) => program.one(`kubernetes:${kind}`, name);
const variables = ({ inputs }: Declared) => {
  const { template } = inputs.spec as unknown as { template: { spec: { containers: { env: { name: string; value?: string }[] }[] } } };
  return Object.fromEntries(template.spec.containers[0].env.map(({ name, value }) => [name, value]));
};
const PASSWORD = "only-in-this-test";
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

  test("the CredentialsRequest has the permissions on the bucket and the KMS key", () => {
    const { inputs } = object(program, "cloudcredential.openshift.io/v1:CredentialsRequest", "velero-credentials");
    const { providerSpec, secretRef } = inputs.spec as unknown as { providerSpec: { statementEntries: object[] }; secretRef: object };
    expect(providerSpec.statementEntries).toEqual(permissions(`${infraId}-velero`));
    expect(secretRef).toEqual({ name: "cloud-credentials", namespace: "velero" });
    expect(own(program).filter(({ type }) => type === "aws:iam/role:Role")).toEqual([]);
  });

  test("the bucket is versioned, encrypted with the key, and never expires a backup that Velero keeps", () => {
    expectServiceBucket(program, "velero-storage", KMS);
    expect(program.one("aws:s3/bucketVersioning:BucketVersioning", "velero-storage-versioning").inputs.versioningConfiguration).toEqual({
      status: "Enabled",
    });
  });

  test("each schedule's first backup comes after the server, the location and the schedule", () => {
    for (const name of ["daily", "shop"]) {
      const first = program.one("command:local:Command", `velero-first-backup-${name}`);
      expect(JSON.parse(first.inputs.create as string)).toEqual({ namespace: "velero", schedule: name });
      const before = [
        object(program, "apps/v1:Deployment", "velero-server"),
        object(program, "velero.io/v1:BackupStorageLocation", "velero-location"),
        object(program, "velero.io/v1:Schedule", `velero-schedule-${name}`),
      ];
      expect(before.map((each) => program.isAfter(first, each))).toEqual([true, true, true]);
    }
  });

  test("on destroy the server is deleted first, then the restores lose their finalizers, then the CRDs are deleted", () => {
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

describe("with a password of the repositories", () => {
  let program: Program;
  beforeAll(async () => {
    const veleroSchedules = [{ name: "daily" }, { name: "shop", fileSystemBackup: true }];
    const stack = devStack({ veleroSchedules, veleroRepositoryPassword: PASSWORD });
    program = await Program.run(stack, {}, ["okd-aws:veleroRepositoryPassword"]);
  });

  test("the server and the node agent come after the Secret with the password and after their ConfigMaps", () => {
    const server = object(program, "apps/v1:Deployment", "velero-server");
    const agent = object(program, "apps/v1:DaemonSet", "velero-node-agent");
    const secret = object(program, "core/v1:Secret", "velero-repository-password");
    expect(program.isAfter(server, secret)).toBe(true);
    expect(program.isAfter(server, object(program, "core/v1:ConfigMap", "velero-maintenance-config"))).toBe(true);
    expect(program.isAfter(agent, object(program, "core/v1:ConfigMap", "velero-node-agent-config"))).toBe(true);
    expect(program.isAfter(agent, object(program, "cloudcredential.openshift.io/v1:CredentialsRequest", "velero-credentials"))).toBe(true);
  });

  test("the Secret takes over the Secret that Velero's server may have created with a public password", () => {
    const { metadata } = object(program, "core/v1:Secret", "velero-repository-password").inputs as unknown as {
      metadata: { name: string; annotations: Record<string, string> };
    };
    expect(metadata.name).toBe("velero-repo-credentials");
    expect(metadata.annotations["pulumi.com/patchForce"]).toBe("true");
  });

  test("only the first backup of a schedule with files waits for the node agent", () => {
    const request = (name: string) =>
      JSON.parse(program.one("command:local:Command", `velero-first-backup-${name}`).inputs.create as string) as object;
    expect(request("shop")).toEqual({ namespace: "velero", schedule: "shop", files: true });
    expect(request("daily")).not.toHaveProperty("files");
    const first = program.one("command:local:Command", "velero-first-backup-shop");
    expect(program.isAfter(first, object(program, "apps/v1:DaemonSet", "velero-node-agent"))).toBe(true);
  });

  test("the node agent is deleted before the command that removes the finalizers of the restores", () => {
    const removal = program.one("command:local:Command", "velero-removal");
    expect(program.isAfter(object(program, "apps/v1:DaemonSet", "velero-node-agent"), removal)).toBe(true);
  });

  test("the permissions are the same as without files", () => {
    const request = object(program, "cloudcredential.openshift.io/v1:CredentialsRequest", "velero-credentials");
    expect(statementsOf(request)).toEqual(permissions(`${infraId}-velero`).slice(0, 2));
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
    AWS_REGION: "us-east-1",
  });
});

const prod = { name: "prod", bucket: "prod-x7k2q-velero", prefix: "velero", kmsKeyArn: KMS };
const readOnly = [
  { action: ["s3:GetObject"], effect: "Allow", resource: "arn:aws:s3:::prod-x7k2q-velero/velero/*" },
  {
    action: ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
    effect: "Allow",
    resource: "arn:aws:s3:::prod-x7k2q-velero/velero/restores/*",
  },
  { action: ["s3:ListBucket"], effect: "Allow", resource: "arn:aws:s3:::prod-x7k2q-velero" },
  { action: ["kms:GenerateDataKey", "kms:Decrypt"], effect: "Allow", resource: KMS },
];
const statementsOf = ({ inputs }: Declared) =>
  (inputs.spec as unknown as { providerSpec: { statementEntries: { resource: string }[] } }).providerSpec.statementEntries;

describe("with the bucket of another cluster", () => {
  let program: Program;
  beforeAll(async () => {
    program = await Program.run(devStack({ veleroSchedules: [{ name: "daily" }], veleroReadOnlyLocations: [prod] }));
  });

  test("the location's own credentials may read the other bucket, and write only the messages of restores", () => {
    const request = (name: string) => statementsOf(object(program, "cloudcredential.openshift.io/v1:CredentialsRequest", name));
    expect(request("velero-credentials-prod")).toEqual(readOnly);
    const own = request("velero-credentials").map(({ resource }) => resource);
    expect(own).toContain(`arn:aws:s3:::${infraId}-velero`);
    expect(own.filter((resource) => resource.includes("prod"))).toEqual([]);
  });

  test("the update waits until Velero has listed the location's backups, and the removal of the location also deletes their objects", () => {
    const location = object(program, "velero.io/v1:BackupStorageLocation", "velero-location-prod");
    const read = program.one("command:local:Command", "velero-location-prod-read");
    expect(JSON.parse(read.inputs.create as string)).toEqual({ namespace: "velero", location: "prod", schedules: ["daily"] });
    const forget = program.one("command:local:Command", "velero-forget-prod");
    expect([forget.inputs.create, JSON.parse(forget.inputs.delete as string)]).toEqual([
      undefined,
      { namespace: "velero", location: "prod" },
    ]);
    const server = object(program, "apps/v1:Deployment", "velero-server");
    expect([program.isAfter(read, location), program.isAfter(read, server), program.isAfter(location, forget)]).toEqual([true, true, true]);
  });
});

describe("on OpenShift", () => {
  const oadp = {
    name: "redhat-oadp-operator",
    namespace: "openshift-adp",
    source: "redhat-operators",
    channel: "stable",
    startingCSV: "oadp-operator.v1.6.0",
    targetNamespaces: ["openshift-adp"],
  };
  const openshift = {
    distribution: "openshift",
    release: "4.22.9",
    releaseImage: "",
    pullSecret: JSON.stringify({
      auths: Object.fromEntries(["cloud.openshift.com", "quay.io", "registry.redhat.io"].map((host) => [host, { auth: "YTpi" }])),
    }),
    operators: [oadp],
    veleroSchedules: [{ name: "daily" }],
  };
  const run = (changes: object) => Program.run(devStack({ ...openshift, ...changes }), {}, ["okd-aws:pullSecret"]);
  const application = (program: Program) =>
    object(program, "oadp.openshift.io/v1alpha1:DataProtectionApplication", "velero-data-protection");
  const locationOf = ({ inputs }: Declared) =>
    (inputs.spec as unknown as { backupLocations: { velero: { credential?: object; objectStorage: object } }[] }).backupLocations[0].velero;

  test("the DataProtectionApplication has the bucket and the cloud credential operator's credentials, and each read-only location has its own credentials", async () => {
    const program = await run({ veleroReadOnlyLocations: [prod] });
    expect(locationOf(application(program))).toMatchObject({
      credential: { name: "cloud-credentials", key: "credentials" },
      objectStorage: { bucket: `${infraId}-velero` },
    });
    const request = object(program, "cloudcredential.openshift.io/v1:CredentialsRequest", "velero-credentials");
    expect(request.inputs.spec).toMatchObject({ secretRef: { name: "cloud-credentials", namespace: "openshift-adp" } });
    expect(statementsOf(request).some(({ resource }) => resource.includes("prod"))).toBe(false);
    expect(statementsOf(object(program, "cloudcredential.openshift.io/v1:CredentialsRequest", "velero-credentials-prod"))).toEqual(
      readOnly,
    );
    expect(object(program, "velero.io/v1:BackupStorageLocation", "velero-location-prod").inputs.spec).toMatchObject({
      accessMode: "ReadOnly",
      credential: { name: "okd-aws-velero-prod", key: "credentials" },
    });
  });

  test("with a password of the repositories, OADP runs the node agent after the Secret with the password exists", async () => {
    const keys = { veleroSchedules: [{ name: "shop", fileSystemBackup: true }], veleroRepositoryPassword: PASSWORD };
    const stack = devStack({ ...openshift, ...keys });
    const program = await Program.run(stack, {}, ["okd-aws:pullSecret", "okd-aws:veleroRepositoryPassword"]);
    expect(application(program).inputs.spec).toMatchObject({ configuration: { nodeAgent: { enable: true, uploaderType: "kopia" } } });
    const secret = object(program, "core/v1:Secret", "velero-repository-password");
    expect(secret.inputs.metadata).toMatchObject({ name: "velero-repo-credentials", namespace: "openshift-adp" });
    const namespace = object(program, "core/v1:NamespacePatch", "velero-namespace");
    expect(namespace.inputs.metadata).toMatchObject({ annotations: { "openshift.io/node-selector": "" } });
    expect(program.isAfter(application(program), secret)).toBe(true);
    expect(own(program).filter(({ type }) => type.endsWith(":DaemonSet"))).toEqual([]);
  });

  test("no object that OADP creates itself is declared, and all declared objects come after OADP", async () => {
    const program = await run({});
    const types = own(program).map(({ type }) => type);
    expect(types.filter((type) => /CustomResourceDefinition|:Deployment|:ClusterRoleBinding/.test(type))).toEqual([]);
    const ready = program.one("command:local:Command", "operator-redhat-oadp-operator-ready");
    const inCluster = own(program).filter(({ type }) => /^(kubernetes|command):/.test(type) && !type.includes("VolumeSnapshotClass"));
    expect(inCluster.length).toBeGreaterThan(10);
    expect(inCluster.filter((each) => !program.isAfter(each, ready)).map(({ urn }) => urn)).toEqual([]);
    const first = program.one("command:local:Command", "velero-first-backup-daily");
    expect(JSON.parse(first.inputs.create as string)).toEqual({ namespace: "openshift-adp", schedule: "daily" });
    expect(program.isAfter(first, program.one("command:local:Command", "velero-ready"))).toBe(true);
    expect(program.isAfter(application(program), program.one("command:local:Command", "velero-removal"))).toBe(true);
  });

  test("with credentialsMode manual Velero assumes a role with the service account token that OADP mounts", async () => {
    const program = await run({ credentialsMode: "manual", veleroReadOnlyLocations: [prod] });
    expect(locationOf(application(program)).credential).toBeUndefined();
    const { assumeRolePolicy } = program.one("aws:iam/role:Role", "velero-storage-role").inputs;
    expect(assumeRolePolicy).toContain("system:serviceaccount:openshift-adp:velero");
    expect(assumeRolePolicy).toMatch(/:aud":"openshift"/);
    const { stringData } = object(program, "core/v1:Secret", "velero-credentials").inputs as unknown as { stringData: { cloud: string } };
    expect(JSON.stringify(stringData)).toContain("web_identity_token_file = /var/run/secrets/openshift/serviceaccount/token");
    expect(JSON.stringify(stringData)).toContain("region = us-east-1");
    expect(program.one("aws:iam/rolePolicy:RolePolicy", "velero-storage-role-policy").inputs.policy).toContain(
      "prod-x7k2q-velero/velero/restores/*",
    );
    expect(own(program).filter(({ type }) => type.endsWith(":CredentialsRequest"))).toEqual([]);
    expect(object(program, "velero.io/v1:BackupStorageLocation", "velero-location-prod").inputs.spec).not.toHaveProperty("credential");
  });
});
