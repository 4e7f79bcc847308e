import { z } from "zod";
import { field, integerField, listField, records, textField } from "../field";
import { choice, integer, key, text } from "../key";
import { arnFlaw } from "../rules/arns";
import { bucketFlaw } from "../rules/bucket";
import { cronFlaw } from "../rules/cron";
import { fileSystemFlaw, nfsServerFlaw, objectNameFlaw, shareFlaw } from "../rules/storage";
import { BASE_IOPS, BASE_THROUGHPUT, MOST_GP3_IOPS, MOST_THROUGHPUT } from "../rules/volumes";

const common = {
  name: field(textField(objectNameFlaw), "Name of the class; unique."),
  default: field(z.boolean().optional(), "Whether claims that name no class get it. The installer's gp3-csi is no default then."),
  reclaimPolicy: field(z.enum(["Delete", "Retain"]).optional(), "What becomes of a volume without its claim; Delete unless given."),
};

/** Where the cluster keeps images and volumes. */
export const storageKeys = {
  imageRegistryState: key(choice(["Managed", "Removed", ""], ""), {
    description: "Whether the cluster runs an image registry.",
    allowed: "Managed, Removed",
    example: "Removed",
    source: "OpenShift (imageregistry Config cluster, spec.managementState)",
    whenEmpty: "Managed, the operator's own on AWS",
  }),
  imageRegistryReplicas: key(integer(0, 10, 0), {
    description: "Instances of the image registry. 0 leaves the operator's number, which is 2.",
    example: "3",
    source: "OpenShift (imageregistry Config cluster, spec.replicas)",
  }),
  imageRegistryBucket: key(text(bucketFlaw), {
    description: "Existing S3 bucket of the cluster's region that images are kept in. What another one held is not moved there.",
    allowed: "the name of a bucket",
    example: "example-images",
    source: "OpenShift (imageregistry Config cluster, spec.storage.s3)",
    whenEmpty: "one that the operator makes",
  }),
  imageRegistryKmsKeyArn: key(text(arnFlaw("key")), {
    description: "KMS key that images in imageRegistryBucket are encrypted with.",
    allowed: "the ARN of a KMS key",
    example: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    source: "OpenShift (imageregistry Config cluster, spec.storage.s3.keyID)",
    whenEmpty: "S3's own key",
  }),
  imagePrunerSchedule: key(text(cronFlaw), {
    description: "When images that nothing uses are pruned.",
    allowed: "five cron fields, with 0 for Sunday; or @daily and the like",
    example: "0 3 * * 0",
    source: "OpenShift (ImagePruner cluster, spec.schedule)",
    whenEmpty: "every midnight, the cluster's own",
  }),
  storageClasses: key(
    records(
      z.discriminatedUnion("type", [
        z.strictObject({
          type: field(z.literal("ebs"), "EBS volumes of type gp3, encrypted."),
          ...common,
          kmsKeyArn: field(textField(arnFlaw("key")).optional(), "KMS key; volumeKmsKeyArn's unless given, else the account's for EBS."),
          iops: field(integerField(BASE_IOPS, MOST_GP3_IOPS).optional(), "I/O operations a second; 3000 unless given."),
          throughput: field(integerField(BASE_THROUGHPUT, MOST_THROUGHPUT).optional(), "MiB/s; 125 unless given."),
          fileSystem: field(z.enum(["ext4", "xfs"]).optional(), "ext4 unless given."),
        }),
        z.strictObject({
          type: field(z.literal("efs"), "Access points of an EFS file system, by the driver of the AWS EFS CSI operator."),
          ...common,
          fileSystemId: field(textField(fileSystemFlaw), "ID of the file system, which has a mount target in every zone of the cluster."),
        }),
        z.strictObject({
          type: field(z.literal("nfs"), "Folders of an NFS server, by the driver nfs.csi.k8s.io, which is not part of OpenShift."),
          ...common,
          server: field(textField(nfsServerFlaw), "Name or address of the server."),
          share: field(textField(shareFlaw), "Exported path."),
          mountOptions: field(listField(undefined, 20).optional(), "Options of the mount, such as nfsvers=4.1."),
        }),
      ]),
      { most: 20, unique: "name" },
    ),
    {
      description: "Storage classes besides those of the cluster, whose gp3-csi is encrypted and the default.",
      allowed: "a list of classes",
      example: '[{"type": "ebs", "name": "fast", "iops": 6000, "throughput": 250, "default": true}]',
      source: "Kubernetes (StorageClass)",
      whenEmpty: "gp3-csi and gp2-csi only",
    },
  ),
} as const;
