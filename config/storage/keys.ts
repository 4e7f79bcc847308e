import { z } from "zod";
import { field, integerField, listField, records, textField } from "../field";
import { choice, integer, key, text } from "../key";
import { arnProblem } from "../arn";
import { bucketProblem } from "../bucket-name";
import { cronProblem } from "../cron";
import { directoryPermissionsProblem, fileSystemProblem, MAX_GROUP_ID, nfsServerProblem, objectNameProblem, shareProblem } from "./fields";
import { BASE_IOPS, BASE_THROUGHPUT, MAX_GP3_IOPS, MAX_THROUGHPUT } from "../machines/fields";

const common = {
  name: field(textField(objectNameProblem), "Name of the storage class; unique."),
  default: field(z.boolean().optional(), "Whether claims without a class get this class; gp3-csi is then no longer the default."),
  reclaimPolicy: field(
    z.enum(["Delete", "Retain"]).optional(),
    "Whether a volume is deleted or retained when its claim is deleted; if not set, Delete.",
  ),
};

/** Keys for the image registry and storage classes. */
export const storageKeys = {
  imageRegistryState: key(choice(["Managed", "Removed", ""], ""), {
    description: "Whether the cluster runs an image registry.",
    allowed: "Managed, Removed",
    example: "Removed",
    source: "OpenShift (imageregistry Config cluster, spec.managementState)",
    whenEmpty: "Managed, the operator's default on AWS",
  }),
  imageRegistryReplicas: key(integer(0, 10, 0), {
    description: "Number of pods of the image registry; 0 means the operator's default, which is 2.",
    example: "3",
    source: "OpenShift (imageregistry Config cluster, spec.replicas)",
  }),
  imageRegistryBucket: key(text(bucketProblem), {
    description: "Existing S3 bucket in the cluster's region that stores the images. Images in a former bucket are not moved.",
    allowed: "the name of a bucket",
    example: "example-images",
    source: "OpenShift (imageregistry Config cluster, spec.storage.s3)",
    whenEmpty: "a bucket that the operator creates",
  }),
  imageRegistryKmsKeyArn: key(text(arnProblem("key")), {
    description: "KMS key that encrypts the images in imageRegistryBucket.",
    allowed: "the ARN of a KMS key",
    example: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    source: "OpenShift (imageregistry Config cluster, spec.storage.s3.keyID)",
    whenEmpty: "the key managed by S3",
  }),
  imagePrunerSchedule: key(text(cronProblem), {
    description: "When unused images are pruned.",
    allowed: "five cron fields, with 0 for Sunday; or a word such as @daily",
    example: "0 3 * * 0",
    source: "OpenShift (ImagePruner cluster, spec.schedule)",
    whenEmpty: "every midnight, the cluster's default",
  }),
  storageClasses: key(
    records(
      z.discriminatedUnion("type", [
        z.strictObject({
          type: field(z.literal("ebs"), "Encrypted EBS volumes of type gp3."),
          ...common,
          kmsKeyArn: field(
            textField(arnProblem("key")).optional(),
            "KMS key; if not set, volumeKmsKeyArn, or else the account's default key for EBS.",
          ),
          iops: field(integerField(BASE_IOPS, MAX_GP3_IOPS).optional(), "I/O operations per second; if not set, 3000."),
          throughput: field(integerField(BASE_THROUGHPUT, MAX_THROUGHPUT).optional(), "Throughput in MiB/s; if not set, 125."),
          fileSystem: field(z.enum(["ext4", "xfs"]).optional(), "File system of the volumes; if not set, ext4."),
        }),
        z.strictObject({
          type: field(z.literal("efs"), "Access points of an EFS file system, provided by the driver of the AWS EFS CSI operator."),
          ...common,
          fileSystemId: field(
            textField(fileSystemProblem).optional(),
            "ID of your own file system, which must have a mount target in every zone of the cluster; if not set, the file system of efsFileSystem or efsFileSystemId.",
          ),
          directoryPerms: field(textField(directoryPermissionsProblem).optional(), "Mode of a volume's root directory; if not set, 700."),
          gidRangeStart: field(
            integerField(1, MAX_GROUP_ID).optional(),
            "First of the group and user IDs that own the volumes; each volume gets a different ID. If not set, the driver's default.",
          ),
          gidRangeEnd: field(integerField(1, MAX_GROUP_ID).optional(), "Last of the group and user IDs that own the volumes."),
        }),
        z.strictObject({
          type: field(z.literal("nfs"), "Folders of an NFS server, provided by the driver nfs.csi.k8s.io, which is not part of OpenShift."),
          ...common,
          server: field(textField(nfsServerProblem), "Host name or address of the server."),
          share: field(textField(shareProblem), "Exported path."),
          mountOptions: field(listField(undefined, 20).optional(), "Mount options, such as nfsvers=4.1."),
        }),
      ]),
      { max: 20, unique: "name" },
    ),
    {
      description: "Storage classes in addition to the cluster's own, of which gp3-csi is encrypted and the default.",
      allowed: "a list of classes",
      example: '[{"type": "ebs", "name": "fast", "iops": 6000, "throughput": 250, "default": true}]',
      source: "Kubernetes (StorageClass)",
      whenEmpty: "only gp3-csi and gp2-csi",
    },
  ),
} as const;
