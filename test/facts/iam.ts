/**
 * The actions that the instances' roles allow: openshift/installer, `pkg/infrastructure/aws/clusterapi/iam.go` (control plane and
 * workers) and `upi/aws/cloudformation/04_cluster_bootstrap.yaml` (bootstrap instance), in the order of these files.
 */
export const masterActionFacts: readonly string[] = [
  "ec2:AttachVolume",
  "ec2:AuthorizeSecurityGroupIngress",
  "ec2:CreateSecurityGroup",
  "ec2:CreateTags",
  "ec2:CreateVolume",
  "ec2:DeleteSecurityGroup",
  "ec2:DeleteVolume",
  "ec2:Describe*",
  "ec2:DetachVolume",
  "ec2:ModifyInstanceAttribute",
  "ec2:ModifyVolume",
  "ec2:RevokeSecurityGroupIngress",
  "elasticloadbalancing:AddTags",
  "elasticloadbalancing:AttachLoadBalancerToSubnets",
  "elasticloadbalancing:ApplySecurityGroupsToLoadBalancer",
  "elasticloadbalancing:CreateListener",
  "elasticloadbalancing:CreateLoadBalancer",
  "elasticloadbalancing:CreateLoadBalancerPolicy",
  "elasticloadbalancing:CreateLoadBalancerListeners",
  "elasticloadbalancing:CreateTargetGroup",
  "elasticloadbalancing:ConfigureHealthCheck",
  "elasticloadbalancing:DeleteListener",
  "elasticloadbalancing:DeleteLoadBalancer",
  "elasticloadbalancing:DeleteLoadBalancerListeners",
  "elasticloadbalancing:DeleteTargetGroup",
  "elasticloadbalancing:DeregisterInstancesFromLoadBalancer",
  "elasticloadbalancing:DeregisterTargets",
  "elasticloadbalancing:Describe*",
  "elasticloadbalancing:DetachLoadBalancerFromSubnets",
  "elasticloadbalancing:ModifyListener",
  "elasticloadbalancing:ModifyLoadBalancerAttributes",
  "elasticloadbalancing:ModifyTargetGroup",
  "elasticloadbalancing:ModifyTargetGroupAttributes",
  "elasticloadbalancing:RegisterInstancesWithLoadBalancer",
  "elasticloadbalancing:RegisterTargets",
  "elasticloadbalancing:SetLoadBalancerPoliciesForBackendServer",
  "elasticloadbalancing:SetLoadBalancerPoliciesOfListener",
  "kms:DescribeKey",
];

/** Additional actions of the control plane since 4.22 (the same file at commit 02e75a5). */
export const masterActionsSince422: readonly string[] = ["elasticloadbalancing:SetSecurityGroups"];

/**
 * Statements that exist only with the etcd backup: the control plane may list the bucket, and may store new objects below two prefixes. It may not read,
 * replace or delete objects (AWS service authorization reference, Amazon S3: `ListBucket` is of the bucket, `PutObject` of the object and has the condition key
 * `s3:if-none-match`; S3 user guide, "Enforce conditional writes on Amazon S3 buckets").
 */
export const etcdBackupStatementFacts = (infraId: string) => [
  { Sid: "EtcdBackupList", Effect: "Allow", Action: ["s3:ListBucket"], Resource: `arn:aws:s3:::${infraId}-etcd-backup` },
  {
    Sid: "EtcdBackup",
    Effect: "Allow",
    Action: ["s3:PutObject"],
    Resource: [`arn:aws:s3:::${infraId}-etcd-backup/snapshots/*`, `arn:aws:s3:::${infraId}-etcd-resources/static-resources/*`],
    Condition: { Null: { "s3:if-none-match": "false" } },
  },
];

export const workerActionFacts: readonly string[] = ["ec2:DescribeInstances", "ec2:DescribeRegions"];

/** Actions on every resource. The role also has `s3:GetObject` on the one object that holds its ignition config. */
export const bootstrapActionFacts: readonly string[] = ["ec2:Describe*", "ec2:AttachVolume", "ec2:DetachVolume"];

/** EC2's service principal by region (AWS General Reference; openshift/installer, `getPartitionService`). */
export const trustedServiceFacts: readonly (readonly [region: string, service: string])[] = [
  ["us-east-1", "ec2.amazonaws.com"],
  ["us-gov-west-1", "ec2.amazonaws.com"],
];
