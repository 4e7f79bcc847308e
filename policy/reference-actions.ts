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
 * Every action, including wildcards, that a role of the cluster may have in any release of config/releases/table.ts. The roles of the control plane
 * and of the components with AWS credentials get their actions from that table, and the roles of workers and of the bootstrap instance get theirs
 * from lib/openshift/iam-actions.ts: this list uses the same constants. The actions of the installer host and of the EFS driver are repeated in this
 * file, so a new action of these two roles needs a change here, which a reviewer sees.
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
