/** IAM actions of the control plane instances in 4.14. The cloud controller and the volume driver use the instances' role. */
export const MASTER_ACTIONS: readonly string[] = [
  ...service("ec2", [
    ...["AttachVolume", "AuthorizeSecurityGroupIngress", "CreateSecurityGroup", "CreateTags", "CreateVolume", "DeleteSecurityGroup"],
    ...["DeleteVolume", "Describe*", "DetachVolume", "ModifyInstanceAttribute", "ModifyVolume", "RevokeSecurityGroupIngress"],
  ]),
  ...service("elasticloadbalancing", [
    ...["AddTags", "ApplySecurityGroupsToLoadBalancer", "AttachLoadBalancerToSubnets", "ConfigureHealthCheck", "CreateListener"],
    ...["CreateLoadBalancer", "CreateLoadBalancerListeners", "CreateLoadBalancerPolicy", "CreateTargetGroup", "DeleteListener"],
    ...["DeleteLoadBalancer", "DeleteLoadBalancerListeners", "DeleteTargetGroup", "DeregisterInstancesFromLoadBalancer"],
    ...["DeregisterTargets", "Describe*", "DetachLoadBalancerFromSubnets", "ModifyListener", "ModifyLoadBalancerAttributes"],
    ...["ModifyTargetGroup", "ModifyTargetGroupAttributes", "RegisterInstancesWithLoadBalancer", "RegisterTargets"],
    ...["SetLoadBalancerPoliciesForBackendServer", "SetLoadBalancerPoliciesOfListener"],
  ]),
  ...service("kms", ["DescribeKey"]),
];

/** IAM actions that the components' CredentialsRequests request in 4.14. */
export const COMPONENT_ACTIONS: readonly string[] = [
  ...service("ec2", [
    ...["AssignIpv6Addresses", "AssignPrivateIpAddresses", "UnassignIpv6Addresses", "UnassignPrivateIpAddresses"],
    ...["AttachVolume", "CreateSnapshot", "CreateTags", "CreateVolume", "DeleteSnapshot", "DeleteTags", "DeleteVolume", "DetachVolume"],
    ...["EnableFastSnapshotRestores", "ModifyVolume", "RunInstances", "TerminateInstances"],
    ...["DescribeAvailabilityZones", "DescribeDhcpOptions", "DescribeImages", "DescribeInstanceStatus", "DescribeInstanceTypes"],
    ...["DescribeInstances", "DescribeInternetGateways", "DescribeNetworkInterfaces", "DescribeRegions", "DescribeSecurityGroups"],
    ...["DescribeSnapshots", "DescribeSubnets", "DescribeTags", "DescribeVolumes", "DescribeVolumesModifications", "DescribeVpcs"],
  ]),
  ...service("elasticloadbalancing", [
    ...["DeregisterTargets", "DescribeLoadBalancers", "DescribeTargetGroups", "DescribeTargetHealth"],
    ...["RegisterInstancesWithLoadBalancer", "RegisterTargets"],
  ]),
  ...service("iam", ["CreateServiceLinkedRole", "GetUser", "GetUserPolicy", "ListAccessKeys", "PassRole"]),
  ...service("kms", [
    ...["CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlainText", "ListGrants"],
    ...["ReEncrypt*", "RevokeGrant"],
  ]),
  ...service("route53", ["ChangeResourceRecordSets", "ListHostedZones", "ListTagsForResources"]),
  ...service("s3", [
    ...["AbortMultipartUpload", "CreateBucket", "DeleteBucket", "DeleteObject", "GetBucketLocation", "GetBucketPublicAccessBlock"],
    ...["GetBucketTagging", "GetEncryptionConfiguration", "GetLifecycleConfiguration", "GetObject", "ListBucket"],
    ...["ListBucketMultipartUploads", "ListMultipartUploadParts", "PutBucketPublicAccessBlock", "PutBucketTagging"],
    ...["PutEncryptionConfiguration", "PutLifecycleConfiguration", "PutObject"],
  ]),
  "sts:AssumeRole",
  "tag:GetResources",
];

function service(prefix: string, actions: readonly string[]): string[] {
  return actions.map((action) => `${prefix}:${action}`);
}
