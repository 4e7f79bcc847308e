import { bootstrapActions, workerActions } from "../lib/openshift/iam-actions";
import { TABLE } from "../config/releases/table";

/**
 * IAM actions of the installer host: it reads its own objects, secrets and parameters, stores its registry's images, accepts sessions of
 * Systems Manager, and its certificate approver reads instances and the VPC's DHCP options.
 */
const installerHostActions = [
  "ec2:DescribeDhcpOptions",
  "ec2:DescribeInstances",
  "ec2:DescribeVpcs",
  "kms:Decrypt",
  "kms:GenerateDataKey",
  "s3:AbortMultipartUpload",
  "s3:DeleteObject",
  "s3:GetBucketLocation",
  "s3:GetObject",
  "s3:ListBucket",
  "s3:ListBucketMultipartUploads",
  "s3:ListMultipartUploadParts",
  "s3:PutObject",
  "secretsmanager:GetSecretValue",
  "ssm:PutParameter",
  "ssm:UpdateInstanceInformation",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];

/** IAM actions of the EFS operator and its driver (kubernetes-sigs/aws-efs-csi-driver, `docs/iam-policy-example.json`, release-2.1). */
const efsDriverActions = [
  "ec2:DescribeAvailabilityZones",
  "elasticfilesystem:CreateAccessPoint",
  "elasticfilesystem:DeleteAccessPoint",
  "elasticfilesystem:DescribeAccessPoints",
  "elasticfilesystem:DescribeFileSystems",
  "elasticfilesystem:DescribeMountTargets",
  "elasticfilesystem:TagResource",
];

/**
 * Every action, including wildcards, that a role of the cluster may have in any release of config/releases/table.ts. The actions of the control plane and of
 * the components with AWS credentials are from that table. The pack reads this list and not the roles' policies: a role with another action needs a change
 * of this list, which a reviewer sees.
 */
export const referenceActions: readonly string[] = [
  ...new Set([
    ...TABLE.flatMap(({ masterActions, componentActions }) => [...(masterActions?.value ?? []), ...(componentActions?.value ?? [])]),
    ...workerActions,
    ...bootstrapActions,
    ...installerHostActions,
    ...efsDriverActions,
  ]),
];
