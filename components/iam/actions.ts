/** Actions of the control plane's machines: the cloud controller and the volume driver act as them (reference, section 5). */
export const masterActions: readonly string[] = [
  ...service("ec2", [
    "AttachVolume",
    "AuthorizeSecurityGroupIngress",
    "CreateSecurityGroup",
    "CreateTags",
    "CreateVolume",
    "DeleteSecurityGroup",
    "DeleteVolume",
    "Describe*",
    "DetachVolume",
    "ModifyInstanceAttribute",
    "ModifyVolume",
    "RevokeSecurityGroupIngress",
  ]),
  ...service("elasticloadbalancing", [
    "AddTags",
    "ApplySecurityGroupsToLoadBalancer",
    "AttachLoadBalancerToSubnets",
    "ConfigureHealthCheck",
    "CreateListener",
    "CreateLoadBalancer",
    "CreateLoadBalancerListeners",
    "CreateLoadBalancerPolicy",
    "CreateTargetGroup",
    "DeleteListener",
    "DeleteLoadBalancer",
    "DeleteLoadBalancerListeners",
    "DeleteTargetGroup",
    "DeregisterInstancesFromLoadBalancer",
    "DeregisterTargets",
    "Describe*",
    "DetachLoadBalancerFromSubnets",
    "ModifyListener",
    "ModifyLoadBalancerAttributes",
    "ModifyTargetGroup",
    "ModifyTargetGroupAttributes",
    "RegisterInstancesWithLoadBalancer",
    "RegisterTargets",
    "SetLoadBalancerPoliciesForBackendServer",
    "SetLoadBalancerPoliciesOfListener",
  ]),
  ...service("kms", ["DescribeKey"]),
];

/** Actions of the workers' and infra nodes' machines: the kubelet looks itself up. */
export const workerActions: readonly string[] = service("ec2", ["DescribeInstances", "DescribeRegions"]);

/** Actions of the bootstrap machine on every resource; besides, it may read the one object that holds its ignition config. */
export const bootstrapActions: readonly string[] = service("ec2", ["AttachVolume", "Describe*", "DetachVolume"]);

function service(prefix: string, actions: readonly string[]): string[] {
  return actions.map((action) => `${prefix}:${action}`);
}
