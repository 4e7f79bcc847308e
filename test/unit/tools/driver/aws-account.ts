import { EC2Client } from "@aws-sdk/client-ec2";
import { EFSClient } from "@aws-sdk/client-efs";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { S3Client } from "@aws-sdk/client-s3";
import type { CleanupClients } from "../../../../steps/cleanup/clients";

type Tags = Readonly<Record<string, string>>;

/** An account with buckets, file systems, snapshots and instances. Its clients send nothing over the network. */
export class AwsAccountStandIn {
  readonly buckets = new Map<string, { tags: Tags; objects: number }>();
  readonly fileSystems = new Map<string, { tags: Tags; mountTargets: readonly string[] }>();
  readonly snapshots = new Set<string>();
  readonly instances: string[] = [];
  /** By action: an error, and the number of calls that get the error. */
  readonly refusals = new Map<string, { readonly name: string; times: number }>();
  readonly calls: string[] = [];
  /** Called with each action before it is answered. */
  observe: (action: string) => void = () => undefined;

  readonly clients = {
    s3: this.client(new S3Client({ region: "us-east-1" })),
    efs: this.client(new EFSClient({ region: "us-east-1" })),
    ec2: this.client(new EC2Client({ region: "us-east-1" })),
    tagging: this.client(new ResourceGroupsTaggingAPIClient({ region: "us-east-1" })),
  } as unknown as CleanupClients;

  private client<Client extends object>(client: Client): Client {
    return Object.assign(client, {
      send: (command: { readonly input: object }) => {
        const action = command.constructor.name.replace(/Command$/, "");
        return Promise.resolve().then(() => {
          this.observe(action);
          this.calls.push(action);
          const refusal = this.refusals.get(action);
          if (refusal !== undefined && refusal.times-- > 0) throw named(refusal.name);
          return this.answer(action, command.input as Readonly<Record<string, string>>);
        });
      },
    });
  }

  private answer(action: string, { Bucket = "", FileSystemId = "", SnapshotId = "" }: Readonly<Record<string, string>>): object {
    const bucket = this.buckets.get(Bucket);
    const fileSystem = this.fileSystems.get(FileSystemId);
    if (Bucket !== "" && bucket === undefined) throw named("NoSuchBucket");
    if (FileSystemId !== "" && fileSystem === undefined) throw named("FileSystemNotFound");
    switch (action) {
      case "ListBuckets":
        return { Buckets: [...this.buckets.keys()].map((Name) => ({ Name })) };
      case "GetBucketTagging":
        return { TagSet: tagList(bucket?.tags) };
      case "ListObjectVersions":
        return { Versions: Array.from({ length: Math.min(bucket?.objects ?? 0, 1000) }, (_, index) => ({ Key: String(index), Size: 1 })) };
      case "DeleteObjects":
        if (bucket) bucket.objects = Math.max(0, bucket.objects - 1000);
        return {};
      case "DeleteBucket":
        this.buckets.delete(Bucket);
        return {};
      case "DescribeFileSystems":
        return { FileSystems: [{ LifeCycleState: "available", SizeInBytes: { Value: 6 }, Tags: tagList(fileSystem?.tags) }] };
      case "DescribeMountTargets":
        return { MountTargets: fileSystem?.mountTargets.map((MountTargetId) => ({ MountTargetId, SubnetId: "subnet-1", VpcId: "vpc-b" })) };
      case "DeleteFileSystem":
        // EFS API Reference, DeleteFileSystem: "You can't delete a file system that is in use", which mount targets are.
        if ((fileSystem?.mountTargets.length ?? 0) > 0) throw named("FileSystemInUse");
        this.fileSystems.delete(FileSystemId);
        return {};
      case "DescribeSnapshots":
        return {
          Snapshots: [...this.snapshots].map((id) => ({ SnapshotId: id, VolumeSize: 10, Tags: tagList({ "okd-aws-velero": "backup" }) })),
        };
      case "DeleteSnapshot":
        this.snapshots.delete(SnapshotId);
        return {};
      case "DescribeInstances":
        return { Reservations: [{ Instances: this.instances.map((InstanceId) => ({ InstanceId })) }] };
      case "GetResources":
        return { ResourceTagMappingList: [...this.fileSystems].map(([id, { tags }]) => ({ ResourceARN: arnOf(id), Tags: tagList(tags) })) };
      case "ListMultipartUploads":
        return {};
      default:
        throw new Error(`the test's AWS account has no answer for the action ${action}: add one to aws-account.ts`);
    }
  }
}

function named(name: string): Error {
  return Object.assign(new Error("refused"), { name });
}

function arnOf(fileSystem: string): string {
  return `arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/${fileSystem}`;
}

function tagList(tags: Tags = {}): object[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
