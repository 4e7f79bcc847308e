/** The etcd backup, tested with the whole program: the resources with a schedule and without a schedule. */
import { load } from "js-yaml";
import { decodeFiles } from "../../ignition/file-transfer";
import { masterActions } from "../../config/releases/facts";
import { minorNamed } from "../../config/releases/minor";
import { etcdBackupStatementFacts } from "../facts/iam";
import { devStack } from "./configurations";
import { infraId } from "./installer-answers";
import { type Declared, Program } from "./program";

const masterStatements = (program: Program) =>
  (JSON.parse(program.one("aws:iam/rolePolicy:RolePolicy", "master-role-policy").inputs.policy as string) as { Statement: object[] })
    .Statement;
const named = (program: Program) => program.resources.filter(({ urn }) => /etcd-?backup/i.test(urn));
const reference = { Effect: "Allow", Action: expect.arrayContaining([...masterActions(minorNamed("4.22"))]) as unknown, Resource: "*" };

/** The backup's MachineConfig in the manifests of the installation; empty if there is none. */
function givenManifests(program: Program): unknown[] {
  const input = program.one("command:local:Command", "installation-ignition").inputs.stdin as string;
  const files = decodeFiles(input.slice(input.lastIndexOf("\nexit 0\n}\n") + "\nexit 0\n}\n".length));
  return Object.entries(files).flatMap(([path, text]) =>
    path === "patches/openshift/99_okd-aws_99-master-etcd-backup.yaml" ? [load(text)] : [],
  );
}

test("without a schedule the program declares nothing, and the control plane has only the permissions in test/facts", async () => {
  const program = await Program.run(devStack({ etcdBackupSchedule: "" }));
  expect(named(program)).toEqual([]);
  expect(masterStatements(program)).toEqual([reference]);
  expect(givenManifests(program)).toEqual([]);
});

describe("the etcd backup with a schedule", () => {
  let program: Program;
  let machineConfig: Declared;
  beforeAll(async () => {
    const keys = { etcdBackupKmsKeyArn: key("0"), etcdBackupResourcesKmsKeyArn: key("1") };
    const options = {
      etcdBackupSchedule: "Mon 02:30",
      etcdBackupRetentionDays: 90,
      etcdBackupRetentionCount: 5,
      etcdBackupKeepBuckets: true,
    };
    program = await Program.run(devStack({ ...options, ...keys }));
    machineConfig = program.one("kubernetes:machineconfiguration.openshift.io/v1:MachineConfig", "99-master-etcd-backup");
  });
  const key = (digit: string) => `arn:aws:kms:us-east-1:123456789012:key/${digit.repeat(8)}-0000-0000-0000-000000000000`;

  test("lets the control plane only store objects below two prefixes, with two KMS keys; reading, replacing and deleting are not allowed", () => {
    expect(masterStatements(program)).toEqual([
      reference,
      ...etcdBackupStatementFacts(infraId),
      { Sid: "EtcdBackupKeys", Effect: "Allow", Action: ["kms:GenerateDataKey"], Resource: [key("0"), key("1")] },
    ]);
  });

  test("a new cluster is installed with the same MachineConfig that a running cluster gets", () => {
    const { metadata, ...rest } = machineConfig.inputs as { metadata: { annotations: object } };
    const { annotations, ...installed } = metadata;
    expect(givenManifests(program)).toEqual([{ ...rest, metadata: installed }]);
    // The field manager takes the fields over from the installation.
    expect(annotations).toEqual({ "pulumi.com/patchFieldManager": "okd-aws", "pulumi.com/patchForce": "true" });
    expect(machineConfig.name).toBe("99-master-etcd-backup");
  });

  test("the control plane's timer has the schedule, in UTC, and the script has the settings that it reads", () => {
    const { config } = machineConfig.inputs.spec as unknown as {
      config: {
        storage: { files: { path: string; contents: { source: string } }[] };
        systemd: { units: { name: string; contents: string; enabled: boolean }[] };
      };
    };
    const text = (path: string) =>
      Buffer.from(config.storage.files.find((file) => file.path === path)?.contents.source.split(",")[1] ?? "", "base64").toString();
    const timer = config.systemd.units.find(({ name }) => name === "okd-etcd-backup.timer");
    expect(timer?.enabled).toBe(true);
    expect(timer?.contents).toMatch(/^OnCalendar=Mon 02:30 UTC$/m);
    expect(timer?.contents).toMatch(/^Persistent=true$/m);
    const set = new Map([...text("/etc/okd/etcd-backup.env").matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]));
    expect(Object.fromEntries(set)).toMatchObject({
      SCHEDULE: "Mon 02:30 UTC",
      RETENTION_COUNT: "5",
      SNAPSHOT_BUCKET: `${infraId}-etcd-backup`,
      RESOURCES_BUCKET: `${infraId}-etcd-resources`,
      AWS_REGION: "us-east-1",
    });
    const others = ["OKD_ETCD_BACKUP_ENV", "CACERT", "CERT", "KEY", "END", "HELP", "TYPE"];
    for (const path of ["/usr/local/bin/okd-etcd-backup", "/usr/local/bin/okd-etcd-backup-aws"]) {
      const read = [...text(path).matchAll(/\$\{?([A-Z][A-Z_]+)\b/g)].map(([, name]) => name);
      expect([path, read.filter((name) => !set.has(name) && !others.includes(name))]).toEqual([path, []]);
    }
  });

  test("both buckets keep versions for a week after the snapshots expire, each with its own key, and stay after the stack is destroyed", () => {
    for (const [part, suffix, digit] of [
      ["snapshots", "etcd-backup", "0"],
      ["resources", "etcd-resources", "1"],
    ]) {
      const one = (type: string, name: string) => program.one(`aws:s3/${type}`, `etcd-backup-${part}-${name}`).inputs;
      expect(one("bucket:Bucket", "bucket")).toMatchObject({ bucket: `${infraId}-${suffix}`, forceDestroy: false });
      expect(one("bucketVersioning:BucketVersioning", "versioning").versioningConfiguration).toEqual({ status: "Enabled" });
      expect(one("bucketLifecycleConfiguration:BucketLifecycleConfiguration", "lifecycle").rules).toMatchObject([
        { status: "Enabled", expiration: { days: 90 }, noncurrentVersionExpiration: { noncurrentDays: 7 } },
        { status: "Enabled", expiration: { expiredObjectDeleteMarker: true } },
      ]);
      expect(one("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "encryption").rules).toMatchObject([
        { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key(digit) } },
      ]);
    }
    const parts = ["bucket", "access", "ownership", "encryption", "policy", "versioning", "lifecycle"];
    const inBuckets = named(program).filter(({ type }) => type.startsWith("aws:s3/"));
    expect(inBuckets.map(({ name }) => name).sort()).toEqual(
      ["snapshots", "resources"].flatMap((part) => parts.map((each) => `etcd-backup-${part}-${each}`)).sort(),
    );
    expect(inBuckets.filter(({ retainOnDelete }) => !retainOnDelete)).toEqual([]);
  });

  test("alerts are in a namespace that the cluster's monitoring reads", () => {
    const { metadata, spec } = program.one("kubernetes:monitoring.coreos.com/v1:PrometheusRule", "etcd-backup-alerts-rule")
      .inputs as unknown as {
      metadata: { namespace: string };
      spec: { groups: { rules: { alert: string; expr: string; labels: { severity: string } }[] }[] };
    };
    expect(metadata.namespace).toBe("openshift-etcd");
    const rules = spec.groups.flatMap((group) => group.rules);
    // A missed backup and an unknown backup have the same severity: in both cases there may be no backup.
    expect(rules.map(({ alert, labels }) => [alert, labels.severity])).toEqual([
      ["EtcdBackupFailed", "warning"],
      ["EtcdBackupMissed", "critical"],
      ["EtcdBackupUnknown", "critical"],
    ]);
  });
});

test("destroy deletes buckets with all their objects if the configuration does not retain them", async () => {
  const program = await Program.run(devStack());
  const inBuckets = named(program).filter(({ type }) => type.startsWith("aws:s3/"));
  expect(inBuckets.filter(({ retainOnDelete }) => retainOnDelete)).toEqual([]);
  for (const { inputs } of inBuckets.filter(({ type }) => type.endsWith(":Bucket"))) expect(inputs.forceDestroy).toBe(true);
});
