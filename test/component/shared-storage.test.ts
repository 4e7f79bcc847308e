/** The resources of shared storage, tested with the whole program. program.ts lists the facts that this kind of test cannot prove. */
import { devStack } from "./configurations";
import { describedVpc, existing } from "./described-vpc";
import { infraId } from "./installer-answers";
import { type AwsAnswers, type Declared, Program } from "./program";

const names = (resources: readonly Declared[]) => resources.map(({ name }) => name).sort();
const own = (program: Program) => program.resources.filter(({ urn }) => /shared-(file-system|volumes)|efs/.test(urn));
const policyOf = ({ inputs }: Declared) => JSON.parse(inputs.policy as string) as { Statement: { Sid: string; Effect: string }[] };
const efsClass = { type: "efs", name: "shared" };

test("without a file system the program declares nothing for it", async () => {
  expect(own(await Program.run(devStack({ storageClasses: [] })))).toEqual([]);
});

describe("a new file system", () => {
  let program: Program;
  const resource = (type: string, name?: string) => program.one(type, name);
  beforeAll(async () => {
    program = await Program.run(devStack({ efsFileSystem: true, storageClasses: [efsClass], credentialsMode: "manual" }));
  });

  test("is encrypted and tagged, moves unused files to infrequent access and back, and has a token that AWS accepts once", () => {
    expect(resource("aws:efs/fileSystem:FileSystem").inputs).toMatchObject({
      creationToken: `${infraId}-efs`,
      encrypted: true,
      throughputMode: "elastic",
      performanceMode: "generalPurpose",
      lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }, { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" }],
      tags: { Name: `${infraId}-efs`, [`kubernetes.io/cluster/${infraId}`]: "shared", "okd-aws/keep": "true" },
    });
    expect(resource("aws:efs/backupPolicy:BackupPolicy").inputs.backupPolicy).toEqual({ status: "ENABLED" });
  });

  test("stays with its policy and its backups when the stack is destroyed, but its mount targets are deleted", () => {
    const kept = program.resources.filter(({ type, retainOnDelete }) => type.startsWith("aws:efs/") && retainOnDelete);
    expect(names(kept)).toEqual(["shared-file-system", "shared-file-system-backup", "shared-file-system-policy"]);
  });

  test("has a mount target in each private subnet, which only the nodes reach, at the port of NFS", () => {
    const targets = program.all("aws:efs/mountTarget:MountTarget");
    expect(names(targets)).toEqual(["shared-file-system-us-east-1a", "shared-file-system-us-east-1b", "shared-file-system-us-east-1c"]);
    expect(new Set(targets.map(({ inputs }) => inputs.subnetId)).size).toBe(3);
    const rules = program.resources.filter(
      ({ type, name }) => /securityGroup(In|E)gressRule/.test(type) && name.startsWith("shared-file-system"),
    );
    expect(rules.map(({ name, inputs }) => [name, inputs.fromPort, inputs.toPort, inputs.cidrIpv4])).toEqual([
      ["shared-file-system-from-masters-tcp-2049", 2049, 2049, undefined],
      ["shared-file-system-from-workers-tcp-2049", 2049, 2049, undefined],
    ]);
  });

  test("denies mounts without TLS, and allows mounts with TLS only through a mount target", () => {
    expect(policyOf(resource("aws:efs/fileSystemPolicy:FileSystemPolicy")).Statement).toEqual([
      {
        Sid: "ThroughMountTargets",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess"],
        Resource: expect.any(String) as string,
        Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
      },
      {
        Sid: "OnlyWithTls",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "*",
        Resource: expect.any(String) as string,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  test("is declared before the cleanup: destroy deletes the file system only after the cleanup has deleted the file system's access points", () => {
    const cleanup = resource("command:local:Command", "cleanup");
    expect(program.isAfter(cleanup, resource("aws:efs/fileSystem:FileSystem"))).toBe(true);
  });

  test("has mount targets for which no instance waits", () => {
    const [target] = program.all("aws:efs/mountTarget:MountTarget");
    expect(program.all("aws:ec2/instance:Instance").some((instance) => program.isAfter(instance, target))).toBe(false);
  });

  test("is the file system of storage classes that name no file system", () => {
    const { inputs } = resource("kubernetes:storage.k8s.io/v1:StorageClass", "cluster-settings-storage-class-shared");
    expect(inputs.parameters).toMatchObject({ provisioningMode: "efs-ap", fileSystemId: "shared-file-system-id" });
  });

  test("gives the driver's controller a role that can change only access points with this cluster's tag", () => {
    const tag = `kubernetes.io/cluster/${infraId}`;
    const { Statement } = policyOf(resource("aws:iam/rolePolicy:RolePolicy", "cloud-credentials-efs-csi-driver-policy"));
    const changes = Statement.filter((each) => JSON.stringify(each).match(/Create|Delete|Tag(?!s)Resource/));
    expect(changes).toEqual([
      {
        Effect: "Allow",
        Action: ["elasticfilesystem:CreateAccessPoint"],
        Resource: "*",
        Condition: { StringEquals: { [`aws:RequestTag/${tag}`]: "owned" } },
      },
      {
        Effect: "Allow",
        Action: ["elasticfilesystem:TagResource", "elasticfilesystem:DeleteAccessPoint"],
        Resource: "*",
        Condition: { StringEquals: { [`aws:ResourceTag/${tag}`]: "owned" } },
      },
    ]);
    const { inputs } = resource("aws:iam/role:Role", "cloud-credentials-efs-csi-driver-role");
    expect(inputs.assumeRolePolicy).toContain("system:serviceaccount:openshift-cluster-csi-drivers:aws-efs-csi-driver-controller-sa");
  });
});

test("a later change of volumeKmsKeyArn does not change the file system, but a change of efsKmsKeyArn does", async () => {
  const arn = (digit: string) => `arn:aws:kms:us-east-1:123456789012:key/${digit.repeat(8)}-0000-0000-0000-000000000000`;
  const fileSystem = async (keys: object) =>
    (await Program.run(devStack({ efsFileSystem: true, ...keys }))).one("aws:efs/fileSystem:FileSystem");
  const shared = await fileSystem({ volumeKmsKeyArn: arn("1") });
  expect([shared.inputs.kmsKeyId, shared.ignoreChanges]).toEqual([arn("1"), ["kmsKeyId"]]);
  const own = await fileSystem({ volumeKmsKeyArn: arn("1"), efsKmsKeyArn: arn("2") });
  expect([own.inputs.kmsKeyId, own.ignoreChanges]).toEqual([arn("2"), []]);
});

test("with efsKeepFileSystem false the file system is deleted with its stack", async () => {
  const program = await Program.run(devStack({ efsFileSystem: true, efsKeepFileSystem: false, efsBackup: false }));
  expect(program.resources.filter(({ type, retainOnDelete }) => type.startsWith("aws:efs/") && retainOnDelete)).toEqual([]);
  expect(program.one("aws:efs/backupPolicy:BackupPolicy").inputs.backupPolicy).toEqual({ status: "DISABLED" });
  expect(program.one("aws:efs/fileSystem:FileSystem").inputs.tags).toMatchObject({ "okd-aws/keep": "false" });
});

test("an existing file system gets mount targets and nothing else", async () => {
  const program = await Program.run(devStack({ efsFileSystemId: "fs-0123456789abcdef0" }));
  const efs = program.resources.filter(({ type }) => type.startsWith("aws:efs/"));
  expect(efs.map(({ type, inputs }) => [type, inputs.fileSystemId])).toEqual(
    Array.from({ length: 3 }, () => ["aws:efs/mountTarget:MountTarget", "fs-0123456789abcdef0"]),
  );
});

/** AWS's answers about a file system with one mount target, which has a security group of this cluster or not. */
const usedIn = (VpcId: string, AvailabilityZoneName: string, own = false): AwsAnswers => ({
  "efs:DescribeMountTargets": () => ({ MountTargets: [{ MountTargetId: "fsmt-1", VpcId, AvailabilityZoneName }] }),
  "aws:ec2/getSecurityGroups:getSecurityGroups": ({ filters }) => {
    expect(filters).toEqual([
      { name: "group-id", values: ["sg-mount"] },
      { name: "tag:okd-aws/cluster", values: ["dev.okd.example.com"] },
    ]);
    return { ids: own ? ["sg-mount"] : [] };
  },
});
const named = { efsFileSystemId: "fs-0123456789abcdef0" };

test("in an existing VPC the mount targets are in the user's private subnets, and the file system may have other mount targets in other zones", async () => {
  for (const keys of [{ efsFileSystem: true }, named]) {
    const program = await Program.run(devStack({ ...existing, ...keys }), { ...describedVpc(), ...usedIn(existing.vpcId, "us-east-1f") });
    const subnets = program.all("aws:efs/mountTarget:MountTarget").map(({ inputs }) => inputs.subnetId);
    expect(subnets).toEqual(existing.privateSubnetIds);
  }
});

describe("an existing file system is refused", () => {
  const missing = () => {
    throw Object.assign(new Error("File system 'fs-0123456789abcdef0' does not exist."), { name: "FileSystemNotFound" });
  };
  const policy = (Bool: object) => ({
    "efs:DescribeFileSystemPolicy": () => ({ Policy: JSON.stringify({ Statement: [{ Effect: "Deny", Condition: { Bool } }] }) }),
  });
  const volumes = { ...named, efsVolumes: [{ name: "web-files", namespace: "web" }] };

  test.each<[string, Record<string, unknown>, AwsAnswers, string]>([
    [
      "that does not exist",
      named,
      { "efs:DescribeFileSystems": missing },
      "efsFileSystemId names fs-0123456789abcdef0, which does not exist",
    ],
    [
      "of the class One Zone",
      named,
      { "efs:DescribeFileSystems": () => ({ FileSystems: [{ AvailabilityZoneName: "us-east-1a" }] }) },
      "a One Zone file system in us-east-1a",
    ],
    ["that another cluster uses", named, usedIn("vpc-other", "us-east-1a"), "which has mount targets in vpc-other"],
    [
      "that others use in the cluster's VPC and zone",
      { ...existing, ...named },
      { ...describedVpc(), ...usedIn(existing.vpcId, "us-east-1b") },
      "which has the mount target fsmt-1 in us-east-1b",
    ],
    [
      "whose policy refuses the mounts of efsVolumes",
      volumes,
      policy({ "aws:SecureTransport": "false" }),
      "whose policy refuses mounts without TLS",
    ],
  ])("%s", async (_, keys, found, expected) => {
    const { message, declared } = await Program.refusal(devStack(keys), found);
    expect(message).toContain(expected);
    expect(declared.filter((urn) => urn.includes("aws:efs"))).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, AwsAnswers]>([
    ["its mount targets are the cluster's own", named, usedIn("vpc-own", "us-east-1a", true)],
    ["its policy refuses something else", volumes, policy({ "aws:ViaAWSService": "true" })],
    ["its policy requires TLS and there are no efsVolumes", named, policy({ "aws:SecureTransport": "false" })],
  ])("not if %s", async (_, keys, found) => {
    const program = await Program.run(devStack(keys), found);
    expect(program.all("aws:efs/mountTarget:MountTarget")).toHaveLength(3);
  });
});

test("a KMS key of the file system must exist", async () => {
  const efsKmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
  const found = {
    "aws:kms/getKey:getKey": () => {
      throw Object.assign(new Error(), { details: "reading KMS Key: couldn't find resource" });
    },
  };
  const { message } = await Program.refusal(devStack({ efsFileSystem: true, efsKmsKeyArn, volumeKmsKeyArn: "" }), found);
  expect(message).toContain(`efsKmsKeyArn names ${efsKmsKeyArn}, which does not exist`);
});

test("a volume comes after the mount targets, and its claim after the volume, if the program creates the claim", async () => {
  const efsVolumes = [
    { name: "web-files", namespace: "web", createClaim: true },
    { name: "logs", namespace: "ops" },
  ];
  const program = await Program.run(devStack({ efsFileSystem: true, efsRequireTls: false, efsVolumes }));
  expect(names(program.all("kubernetes:core/v1:PersistentVolume"))).toEqual(["shared-volumes-logs", "shared-volumes-web-files"]);
  const claim = program.one("kubernetes:core/v1:PersistentVolumeClaim");
  const volume = program.one("kubernetes:core/v1:PersistentVolume", "shared-volumes-web-files");
  expect((volume.inputs.spec as { nfs: object }).nfs).toEqual({ server: "shared-file-system-id.efs.us-east-1.amazonaws.com", path: "/" });
  expect(program.isAfter(claim, volume)).toBe(true);
  expect([claim.replaceWith, claim.deleteBeforeReplace]).toEqual([[volume.urn], true]);
  expect([volume.replaceOnChanges, volume.deleteBeforeReplace]).toEqual([["spec.claimRef"], true]);
  for (const target of program.all("aws:efs/mountTarget:MountTarget")) expect(program.isAfter(volume, target)).toBe(true);
  expect(policyOf(program.one("aws:efs/fileSystemPolicy:FileSystemPolicy")).Statement.map(({ Sid }) => Sid)).toEqual([
    "ThroughMountTargets",
  ]);
});

test.each([
  ["4.19", ["efs-csi-driver"]],
  ["4.20", ["efs-csi-driver", "efs-csi-node"]],
])("the driver of %s has the roles %s", async (minor, expected) => {
  const keys = {
    release: `${minor}.0-okd-scos.1`,
    releaseImage: undefined,
    efsFileSystem: true,
    storageClasses: [efsClass],
    credentialsMode: "manual",
  };
  const program = await Program.run(devStack(keys));
  expect(Object.keys((await program.output("efsDriverRoleArns")) as object)).toEqual(expected);
});
