import { bootstrapActions, masterActions, workerActions } from "../components/iam/actions";

/** What the installer host does: reads its own objects and secrets, keeps its registry's images, and is reached through Systems Manager. */
const installerHostActions = [
  "ec2:DescribeInstances",
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

/**
 * What the releases up to 4.19 ask for their components in manual mode (OpenShift documentation, "Manual mode with short-term credentials for
 * components": AWS component secret permissions requirements).
 */
const componentActions: Readonly<Record<string, readonly string[]>> = {
  ec2: [
    ...["AssignIpv6Addresses", "AssignPrivateIpAddresses", "UnassignIpv6Addresses", "UnassignPrivateIpAddresses"],
    ...["AttachVolume", "CreateSnapshot", "CreateTags", "CreateVolume", "DeleteSnapshot", "DeleteTags", "DeleteVolume", "DetachVolume"],
    ...["EnableFastSnapshotRestores", "ModifyVolume", "RunInstances", "TerminateInstances"],
    ...["DescribeAvailabilityZones", "DescribeDhcpOptions", "DescribeImages", "DescribeInstanceStatus", "DescribeInstanceTypes"],
    ...["DescribeInstances", "DescribeInternetGateways", "DescribeNetworkInterfaces", "DescribeRegions", "DescribeSecurityGroups"],
    ...["DescribeSnapshots", "DescribeSubnets", "DescribeTags", "DescribeVolumes", "DescribeVolumesModifications", "DescribeVpcs"],
  ],
  elasticloadbalancing: [
    ...["DeregisterTargets", "DescribeLoadBalancers", "DescribeTargetGroups", "DescribeTargetHealth"],
    ...["RegisterInstancesWithLoadBalancer", "RegisterTargets"],
  ],
  iam: ["CreateServiceLinkedRole", "GetUser", "GetUserPolicy", "ListAccessKeys", "PassRole"],
  kms: [
    ...["CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlainText", "ListGrants"],
    ...["ReEncrypt*", "RevokeGrant"],
  ],
  route53: ["ChangeResourceRecordSets", "ListHostedZones", "ListTagsForResources"],
  s3: [
    ...["AbortMultipartUpload", "CreateBucket", "DeleteBucket", "DeleteObject", "GetBucketLocation", "GetBucketPublicAccessBlock"],
    ...["GetBucketTagging", "GetEncryptionConfiguration", "GetLifecycleConfiguration", "GetObject", "ListBucket"],
    ...["ListBucketMultipartUploads", "ListMultipartUploadParts", "PutBucketPublicAccessBlock", "PutBucketTagging"],
    ...["PutEncryptionConfiguration", "PutLifecycleConfiguration", "PutObject"],
  ],
  sts: ["AssumeRole"],
  tag: ["GetResources"],
};

/**
 * Every action that a role of the cluster may have, wildcards where the reference has them. It is written down a second time here, so that a role
 * that gets more is seen by whoever reviews it.
 */
export const referenceActions: readonly string[] = [
  ...new Set([
    ...masterActions,
    ...workerActions,
    ...bootstrapActions,
    ...installerHostActions,
    ...Object.entries(componentActions).flatMap(([service, actions]) => actions.map((action) => `${service}:${action}`)),
  ]),
];
