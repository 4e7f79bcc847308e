import { z } from "zod";
import { arnProblem } from "../arn";
import { field, records, textField } from "../field";
import { choice, flag, integer, key, text } from "../key";
import { fileSystemProblem } from "../storage/fields";
import {
  claimNamespaceProblem,
  INFREQUENT_ACCESS_DAYS,
  MAX_PROVISIONED_MIBPS,
  volumeNameProblem,
  volumePathProblem,
  volumeSizeProblem,
} from "./fields";

/** Keys for shared volumes on EFS. */
export const efsKeys = {
  efsFileSystem: key(flag(false), {
    description:
      "Whether the program creates an encrypted EFS file system, with a mount target in every private subnet, for volumes that many pods share.",
    example: "true",
    source: "this project; AWS (EFS)",
  }),
  efsFileSystemId: key(text(fileSystemProblem), {
    description:
      "Existing EFS file system in place of a new one, such as the file system of an earlier cluster. It must have no mount targets in another VPC, and none in the cluster's zones, because the program creates mount targets there. Its settings and its policy stay as they are.",
    allowed: "the ID of a file system in the cluster's region",
    example: "fs-0123456789abcdef0",
    source: "AWS (EFS)",
    whenEmpty: "none",
  }),
  efsThroughputMode: key(choice(["elastic", "bursting", "provisioned"], "elastic"), {
    description:
      "How the throughput of the new file system is determined. elastic: by use; AWS charges for each GB read or written. bursting: by the amount of stored data. provisioned: by efsProvisionedThroughput.",
    example: "bursting",
    source: "AWS (EFS user guide, Amazon EFS performance specifications)",
  }),
  efsProvisionedThroughput: key(integer(0, MAX_PROVISIONED_MIBPS, 0), {
    description: "Throughput with efsThroughputMode provisioned.",
    unit: "MiB/s",
    example: "64",
    source: "AWS (EFS API reference, CreateFileSystem)",
  }),
  efsPerformanceMode: key(choice(["generalPurpose", "maxIO"], "generalPurpose"), {
    description:
      "Performance mode of the new file system. AWS recommends generalPurpose; maxIO has higher latencies and can't be combined with elastic throughput. Can't be changed later.",
    example: "maxIO",
    source: "AWS (EFS user guide, Amazon EFS performance specifications)",
  }),
  efsKmsKeyArn: key(text(arnProblem("key")), {
    description: "Customer managed KMS key that encrypts the new file system. Can't be changed later.",
    allowed: "the ARN of a KMS key in the cluster's region",
    example: "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
    source: "AWS (EFS user guide, Encrypting data at rest)",
    whenEmpty: "volumeKmsKeyArn, or else AWS's key aws/elasticfilesystem",
  }),
  efsInfrequentAccessDays: key(integer(0, 365, 30), {
    description:
      "Days without access after which EFS moves a file of the new file system to the cheaper storage class Infrequent Access. The next read moves it back. 0: files stay in the Standard class.",
    allowed: INFREQUENT_ACCESS_DAYS.join(", "),
    unit: "days",
    example: "90",
    source: "AWS (EFS API reference, LifecyclePolicy)",
  }),
  efsBackup: key(flag(true), {
    description:
      "Whether AWS Backup backs up the new file system every day and keeps the backups for 35 days, in the vault aws/efs/automatic-backup-vault.",
    example: "false",
    source: "AWS (EFS user guide, Backing up EFS file systems)",
  }),
  efsRequireTls: key(flag(true), {
    description:
      "Whether the new file system refuses mounts without TLS. The EFS CSI driver mounts with TLS; the volumes in efsVolumes are mounted without it.",
    example: "false",
    source: "this project; AWS (EFS user guide, Using IAM to control access to file systems)",
  }),
  efsKeepFileSystem: key(flag(true), {
    description:
      "Whether the new file system stays in the account with its data when the stack is destroyed or efsFileSystem is removed. You pay for it until you delete it. false: the file system is deleted with all data.",
    example: "false",
    source: "this project",
  }),
  efsVolumes: key(
    records(
      z.strictObject({
        name: field(textField(volumeNameProblem), "Name of the PersistentVolume; unique."),
        path: field(
          textField(volumePathProblem).optional(),
          "Directory on the file system, which must exist; if not set, /, the root directory.",
        ),
        size: field(textField(volumeSizeProblem).optional(), "Size that the volume shows; EFS does not enforce it. If not set, 100Gi."),
        namespace: field(textField(claimNamespaceProblem), "Namespace of the claim that the volume is reserved for."),
        claim: field(textField(volumeNameProblem).optional(), "Name of the claim; if not set, the volume's name."),
        createClaim: field(
          z.boolean().optional(),
          "Whether the program creates the claim; its namespace must exist. If not set, false: the volume is bound when you create the claim.",
        ),
      }),
      { max: 50, unique: "name" },
    ),
    {
      description:
        "Volumes on the file system that the nodes mount with NFS 4.1, without a driver and without TLS. Each volume is reserved for one claim.",
      allowed: "a list of volumes",
      example: '[{"name": "web-files", "path": "/web", "namespace": "web"}]',
      source: "Kubernetes (PersistentVolume, spec.nfs)",
      whenEmpty: "none",
    },
  ),
} as const;
