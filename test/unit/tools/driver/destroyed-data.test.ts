/** The deletion of a destroyed cluster's data, and the lists of this data, in an account that this test imitates. */
import { removeKeptData } from "../../../../tools/driver/data-removal";
import { dataOfDomain, deleteData, linesAboutData } from "../../../../tools/driver/destroyed-data";
import { type DataOwner, dataOf } from "../../../../tools/driver/kept-data";
import { CancelledByUser } from "../../../../tools/driver/run";
import { stoppedClock } from "../../lib/stopped-clock";
import { AwsAccountStandIn } from "./aws-account";

const owner: DataOwner = { infraId: "demo-a1b2c", region: "us-east-1", clusterDomain: "demo.example.com" };
const tags = { "kubernetes.io/cluster/demo-a1b2c": "shared", "okd-aws/cluster": "demo.example.com" };

/** An account with Velero's bucket, another bucket, a file system and a snapshot. */
function account(): AwsAccountStandIn {
  const aws = new AwsAccountStandIn();
  aws.buckets.set("demo-a1b2c-etcd", { tags, objects: 5000 });
  aws.buckets.set("demo-a1b2c-velero", { tags, objects: 3 });
  aws.fileSystems.set("fs-1", { tags, mountTargets: [] });
  aws.snapshots.add("snap-1");
  return aws;
}

async function remove(aws: AwsAccountStandIn, { signal = new AbortController().signal, named = "" } = {}) {
  const said: string[] = [];
  const whose = { ...owner, namedFileSystem: named };
  const context = { owner: whose, clients: aws.clients, signal, say: (text: string) => said.push(text), clock: stoppedClock() };
  const { kept, left } = await removeKeptData(await dataOf(whose, aws.clients), context);
  return { kept, left, said };
}

describe("the deletion of a cluster's data", () => {
  test("deletes all of the cluster's data", async () => {
    const aws = account();
    expect(await remove(aws)).toMatchObject({ kept: [], left: [] });
    expect([aws.buckets.size, aws.fileSystems.size, aws.snapshots.size]).toEqual([0, 0, 0]);
  });

  test("leaves a file system that another cluster mounts by its ID, and its mount targets", async () => {
    const aws = account();
    aws.fileSystems.set("fs-1", { tags, mountTargets: ["fsmt-b"] });
    const { kept, left } = await remove(aws);
    expect(kept).toEqual(["file system fs-1: somebody else uses it through its mount targets: fsmt-b in subnet-1 of vpc-b"]);
    expect([left, aws.buckets.size]).toEqual([[], 0]);
    expect(aws.calls).not.toContain("DeleteFileSystem");
  });

  test("leaves a file system that efsFileSystemId names", async () => {
    const aws = account();
    const { kept } = await remove(aws, { named: "fs-1" });
    expect(kept).toEqual([expect.stringContaining("efsFileSystemId names it")]);
    expect([...aws.fileSystems.keys()]).toEqual(["fs-1"]);
  });

  test.each(["bucket", "file system"])("neither lists nor deletes a %s with the tag of another cluster", async (kind) => {
    const aws = account();
    const both = { ...tags, "kubernetes.io/cluster/other-x1y2z": "shared" };
    if (kind === "bucket") aws.buckets.set("demo-a1b2c-etcd", { tags: both, objects: 1 });
    else aws.fileSystems.set("fs-1", { tags: both, mountTargets: [] });
    expect(await remove(aws)).toMatchObject({ kept: [], left: [] });
    expect([...aws.buckets.keys(), ...aws.fileSystems.keys()]).toEqual([kind === "bucket" ? "demo-a1b2c-etcd" : "fs-1"]);
  });

  test("ends after the current page of objects when the user cancels, and lists the data that is left", async () => {
    const aws = account();
    const controller = new AbortController();
    aws.observe = (action) => {
      if (action === "DeleteObjects") controller.abort();
    };
    const { left } = await remove(aws, { signal: controller.signal });
    expect(left).toEqual([
      "bucket demo-a1b2c-etcd: cancelled",
      "bucket demo-a1b2c-velero: cancelled",
      "file system fs-1: cancelled",
      "1 EBS snapshots of Velero's backups: cancelled",
    ]);
    expect(aws.buckets.get("demo-a1b2c-etcd")?.objects).toBe(4000);
    expect([aws.buckets.size, aws.fileSystems.size, aws.snapshots.size]).toEqual([2, 1, 1]);
  });

  test("deletes nothing when the user cancelled during the destroy", async () => {
    const aws = account();
    const run = { say: () => undefined, options: { signal: AbortSignal.abort() } } as unknown as Parameters<typeof deleteData>[1]["run"];
    const deletion = deleteData(owner, { run, known: true, repeat: "make destroy" }, aws.clients);
    await expect(deletion).rejects.toThrow(CancelledByUser);
    expect(aws.calls).toEqual([]);
  });

  test("continues with the other items if AWS refuses one, and reports the reason", async () => {
    const aws = account();
    aws.refusals.set("DeleteBucket", { name: "AccessDenied", times: 1 });
    const { left } = await remove(aws);
    expect(left).toEqual(["bucket demo-a1b2c-etcd: AccessDenied: refused"]);
    expect([[...aws.buckets.keys()], aws.fileSystems.size, aws.snapshots.size]).toEqual([["demo-a1b2c-etcd"], 0, 0]);
  });

  test("repeats a deletion that AWS refuses temporarily", async () => {
    const aws = account();
    aws.refusals.set("DeleteBucket", { name: "BucketNotEmpty", times: 2 });
    expect(await remove(aws)).toMatchObject({ left: [] });
    expect(aws.buckets.size).toBe(0);
  });

  test("ends after its time limit if AWS's temporary refusals do not end", async () => {
    const aws = account();
    aws.refusals.set("DeleteFileSystem", { name: "FileSystemInUse", times: 10_000 });
    expect((await remove(aws)).left).toEqual(["file system fs-1: FileSystemInUse: refused"]);
  });

  test("leaves the snapshots of backups whose bucket stays, because its tags changed", async () => {
    const aws = account();
    aws.buckets.set("demo-a1b2c-velero", { tags: { "kubernetes.io/cluster/demo-a1b2c": "shared" }, objects: 3 });
    const { kept, left } = await remove(aws);
    expect(kept).toEqual(["1 EBS snapshots of Velero's backups: the bucket demo-a1b2c-velero, which contains their backups, still exists"]);
    expect([left, [...aws.snapshots]]).toEqual([[], ["snap-1"]]);
  });

  test("treats a snapshot that no longer exists as deleted", async () => {
    const aws = account();
    aws.refusals.set("DeleteSnapshot", { name: "InvalidSnapshot.NotFound", times: 1 });
    expect(await remove(aws)).toMatchObject({ kept: [], left: [] });
  });

  test("lists a bucket whose tags could not be read among the data that is left", async () => {
    const aws = account();
    aws.refusals.set("GetBucketTagging", { name: "AccessDenied", times: 1 });
    const { left } = await remove(aws);
    expect(left).toEqual(["bucket demo-a1b2c-etcd: AccessDenied: refused"]);
    expect([...aws.buckets.keys()]).toEqual(["demo-a1b2c-etcd"]);
  });

  test("is refused for a cluster with instances if only the user named its infra ID", async () => {
    const aws = account();
    aws.instances.push("i-1");
    const run = { say: () => undefined, options: { signal: new AbortController().signal } } as unknown as Parameters<
      typeof deleteData
    >[1]["run"];
    const deletion = deleteData(owner, { run, known: false, repeat: "make destroy" }, aws.clients);
    await expect(deletion).rejects.toThrow("the cluster demo-a1b2c still has instances, so none of its data was deleted: i-1");
    expect(aws.buckets.size).toBe(2);
  });
});

describe("the list before a destroy", () => {
  const bucket = (id: string, retainOnDelete: boolean) => ({ type: "aws:s3/bucket:Bucket", id, retainOnDelete });

  test("has the data that stays, the data that the destroy deletes, and the snapshots", async () => {
    const resources = [
      bucket("demo-a1b2c-velero", true),
      bucket("demo-a1b2c-etcd", false),
      { type: "aws:s3/bucketPolicy:BucketPolicy", id: "demo-a1b2c-velero" },
    ];
    expect(await linesAboutData(owner, resources, false, account().clients)).toEqual([
      "It would delete with all data: bucket demo-a1b2c-etcd: 1000 B",
      "These would stay in AWS with their data (BACKUPS=delete deletes them, too):",
      "  bucket demo-a1b2c-velero: 3 B",
      "  file system fs-1: 6 B",
      "  1 EBS snapshot of Velero's backups: volumes of 10 GiB",
    ]);
  });

  test("says that a file system would stay if somebody else mounts it, but not if it has only the cluster's own mount targets", async () => {
    const aws = account();
    aws.fileSystems.set("fs-1", { tags, mountTargets: ["fsmt-a"] });
    const line = async (resources: Parameters<typeof linesAboutData>[1]) =>
      (await linesAboutData(owner, resources, true, aws.clients)).find((each) => each.includes("fs-1"));
    expect(await line([])).toBe(
      "  file system fs-1: 6 B; BACKUPS=delete does not delete it: somebody else uses it through its mount targets: fsmt-a in subnet-1 of vpc-b",
    );
    expect(await line([{ type: "aws:efs/mountTarget:MountTarget", id: "fsmt-a" }])).toBe("  file system fs-1: 6 B");
  });

  test("has a file system that the destroy deletes, even if AWS does not list it yet", async () => {
    const resources = [{ type: "aws:efs/fileSystem:FileSystem", id: "fs-new" }];
    expect(await linesAboutData(owner, resources, false, account().clients)).toContain(
      "It would delete the file system fs-new with all data.",
    );
  });

  test("has the buckets whose size AWS refuses to show, and the reason", async () => {
    const aws = account();
    aws.refusals.set("ListObjectVersions", { name: "AccessDenied", times: 1 });
    const lines = await linesAboutData(owner, [], false, aws.clients);
    expect(lines).toContain("  bucket demo-a1b2c-etcd: size unknown");
    expect(lines).toContain("  size of the bucket demo-a1b2c-etcd: AccessDenied: refused");
  });
});

test("the data of a domain is listed with the infra IDs of its clusters", async () => {
  expect(await dataOfDomain("demo.example.com", account().clients)).toEqual([
    "AWS lists these with the tag okd-aws/cluster=demo.example.com (the list lags behind deletions):",
    "  INFRA_ID=demo-a1b2c: arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1",
  ]);
});
