/** The data that a destroy keeps: make destroy lists it with size and age, and deletes it only with BACKUPS=delete. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type EmulatedAws, startAws } from "@okd-aws/sandbox/aws";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { DriverProject } from "./driver-project";
import { describeWithTools } from "./requirements";

const run = promisify(execFile);
const region = "us-east-1";

/**
 * Buckets and file systems: of the cluster, of the user with the cluster's tag, of the cluster's own operators, of another cluster, and one of
 * the cluster that another cluster mounts.
 */
const script = `
import boto3, json
s3, efs, ec2 = (boto3.client(name, "us-east-1") for name in ("s3", "efs", "ec2"))
own = {"kubernetes.io/cluster/demo-a1b2c": "shared", "okd-aws/cluster": "demo.example.com"}
tags = {
    "demo-a1b2c-velero": own,
    "demo-a1b2c-logs": own,
    "users-bucket": {"kubernetes.io/cluster/demo-a1b2c": "shared"},
    "demo-a1b2c-other-cluster": {"kubernetes.io/cluster/demo-a1b2c-other": "shared", "okd-aws/cluster": "demo.example.com"},
    "demo-a1b2c-untagged": {},
}
for name, values in tags.items():
    s3.create_bucket(Bucket=name)
    if values:
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in values.items()]})
s3.put_bucket_versioning(Bucket="demo-a1b2c-velero", VersioningConfiguration={"Status": "Enabled"})
for content in (b"a" * 1024, b"b" * 512):
    s3.put_object(Bucket="demo-a1b2c-velero", Key="backup", Body=content)
listed = [{"Key": key, "Value": value} for key, value in own.items()]
mine = efs.create_file_system(CreationToken="mine", Tags=listed)["FileSystemId"]
users = efs.create_file_system(CreationToken="users", Tags=listed[:1])["FileSystemId"]
handed = efs.create_file_system(CreationToken="handed", Tags=listed)["FileSystemId"]
subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
target = efs.create_mount_target(FileSystemId=handed, SubnetId=subnet)["MountTargetId"]
zone = ec2.describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]
volume = ec2.create_volume(AvailabilityZone=zone, Size=1)["VolumeId"]
spec = [{"Key": "kubernetes.io/cluster/demo-a1b2c", "Value": "owned"}, {"Key": "okd-aws-velero", "Value": "backup"}]
snapshot = ec2.create_snapshot(VolumeId=volume, TagSpecifications=[{"ResourceType": "snapshot", "Tags": spec}])["SnapshotId"]
print(json.dumps([mine, users, snapshot, handed, target]))
`;
/** Creates a bucket as an interrupted run leaves it behind. */
const again = `
import boto3, json
s3 = boto3.client("s3", "us-east-1")
tags = {"kubernetes.io/cluster/demo-a1b2c": "shared", "okd-aws/cluster": "demo.example.com"}
s3.create_bucket(Bucket="demo-a1b2c-late")
s3.put_bucket_tagging(Bucket="demo-a1b2c-late", Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]})
print(json.dumps([]))
`;
const remaining = `
import boto3, json
s3, efs, ec2 = (boto3.client(name, "us-east-1") for name in ("s3", "efs", "ec2"))
print(json.dumps([
    sorted(each["Name"] for each in s3.list_buckets()["Buckets"]),
    sorted(each["FileSystemId"] for each in efs.describe_file_systems()["FileSystems"]),
    [each["SnapshotId"] for each in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]],
]))
`;

describeWithTools("the data of a destroyed cluster", () => {
  const directory = mkdtempSync(join(tmpdir(), "kept-data-"));
  let aws: EmulatedAws;
  let project: DriverProject;
  let [mine, users, snapshot, handed, target] = ["", "", "", "", ""];

  const python = async (text: string): Promise<unknown> => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, AWS_DEFAULT_REGION: region, ...aws.environment };
    return JSON.parse((await run(aws.python, ["-c", text], { env })).stdout);
  };

  beforeAll(async () => {
    const tools = await ensureToolchain(["moto"]);
    aws = await startAws({ directory, python: tools.tools.moto, seed: { images: {}, zones: [] } });
    [mine, users, snapshot, handed, target] = (await python(script)) as [string, string, string, string, string];
    project = await DriverProject.make(
      `new command.local.Command("made", { create: "true" }); exports.infraId = "demo-a1b2c";`,
      aws.environment,
    );
    project.configure({ "aws:region": region, clusterName: "demo", baseDomain: "example.com" });
  });

  afterAll(async () => {
    project.remove();
    await aws.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const kept = (text: string): string[] =>
    [...text.matchAll(/^ *(?:\[.*?\] *)?((?:bucket|file system|\d+ EBS snapshot) .*)$/gm)].map(([, line]) => line);
  const lines = (): unknown[] => [
    expect.stringMatching(/^bucket demo-a1b2c-logs: 0 B, created \d minutes? ago$/),
    expect.stringMatching(/^bucket demo-a1b2c-velero: 1\.5 KiB, created \d minutes? ago, last written \d minutes? ago$/),
    ...[mine, handed]
      .sort()
      .map((id): unknown =>
        expect.stringMatching(
          new RegExp(
            `^file system ${id}: .*, created \\d minutes? ago${id === mine ? "" : `; BACKUPS=delete does not delete it: .*${target}.*`}$`,
          ),
        ),
      ),
    expect.stringMatching(/^1 EBS snapshot of Velero's backups: volumes of 1 GiB, taken \d minutes? to \d minutes? ago$/),
  ];

  test("is listed with size and age before the destroy, and no data of other owners", async () => {
    expect(await project.driver(["up", "--yes"])).toMatchObject({ code: 0 });
    const { code, stderr } = await project.driver(["destroy"]);
    expect(code).toBe(2);
    expect(stderr).toContain("These would stay in AWS with their data (BACKUPS=delete deletes them, too):");
    expect(kept(stderr)).toEqual(lines());
    expect((await project.driver(["destroy", "--backups", "delete"])).stderr).toContain("It would delete with all data:");
  });

  test("stays, and is listed at the end", async () => {
    const before = await python(remaining);
    const { code, stdout } = await project.driver(["destroy", "--confirm", "demo"]);
    expect(code).toBe(0);
    expect(stdout).toContain("these stay in AWS with their data, and cost money until you delete them");
    expect(kept(stdout)).toEqual(lines());
    expect(await python(remaining)).toEqual(before);
  });

  test("is deleted with BACKUPS=delete, with the snapshots of its backups, and no data of other owners", async () => {
    expect(await project.driver(["up", "--yes"])).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await project.driver(["destroy", "--confirm", "demo", "--backups", "delete"]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const text of ["bucket demo-a1b2c-velero", "bucket demo-a1b2c-logs", `file system ${mine}`])
      expect(stdout).toContain(`the ${text} is deleted with its data`);
    const [buckets, fileSystems, snapshots] = (await python(remaining)) as string[][];
    expect(buckets).toEqual(["demo-a1b2c-other-cluster", "demo-a1b2c-untagged", "users-bucket"]);
    expect(fileSystems).toEqual([users, handed].sort());
    expect(stdout).toContain(`file system ${handed}: somebody else uses it through its mount targets: ${target}`);
    expect(snapshots).not.toContain(snapshot);
  });

  test("is not deleted when the state no longer knows the cluster, until its infra ID is given", async () => {
    await python(again);
    const before = await python(remaining);
    const destroy = ["destroy", "--confirm", "demo", "--backups", "delete"];
    const { code, stderr } = await project.driver(destroy);
    expect(code).toBe(1);
    expect(stderr).toContain("Nothing was changed. The state has no infra ID");
    expect(stderr).toContain("INFRA_ID=demo-a1b2c: arn:aws:s3:::demo-a1b2c-late");
    expect(await python(remaining)).toEqual(before);
    expect(await project.driver([...destroy, "--infra-id", "demo-a1b2c"])).toMatchObject({ code: 0, stderr: "" });
    expect(((await python(remaining)) as string[][])[0]).toEqual(["demo-a1b2c-other-cluster", "demo-a1b2c-untagged", "users-bucket"]);
  });
});
