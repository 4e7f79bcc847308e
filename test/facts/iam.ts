/**
 * What the machines may do: the reference's section 5, as openshift/installer has it in `pkg/infrastructure/aws/clusterapi/iam.go` (masters and
 * workers) and `upi/aws/cloudformation/04_cluster_bootstrap.yaml` (bootstrap machine), in the order of these files.
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

/**
 * With the etcd backup, and only then: store below two prefixes and see what is stored. Neither read nor delete (AWS service authorization reference,
 * Amazon S3: `ListBucket` is of the bucket, `PutObject` of the object).
 */
export const etcdBackupStatementFact = (infraId: string) => ({
  Sid: "EtcdBackup",
  Effect: "Allow",
  Action: ["s3:ListBucket", "s3:PutObject"],
  Resource: [
    `arn:aws:s3:::${infraId}-etcd-backup`,
    `arn:aws:s3:::${infraId}-etcd-backup/snapshots/*`,
    `arn:aws:s3:::${infraId}-etcd-resources/static-resources/*`,
  ],
});

export const workerActionFacts: readonly string[] = ["ec2:DescribeInstances", "ec2:DescribeRegions"];

/** On every resource; besides, `s3:GetObject` on the one object that holds its ignition config. */
export const bootstrapActionFacts: readonly string[] = ["ec2:Describe*", "ec2:AttachVolume", "ec2:DetachVolume"];

/** EC2's service principal by region (AWS General Reference; openshift/installer, `getPartitionService`). */
export const trustedServiceFacts: readonly (readonly [region: string, service: string])[] = [
  ["us-east-1", "ec2.amazonaws.com"],
  ["us-gov-west-1", "ec2.amazonaws.com"],
];
