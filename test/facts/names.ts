/**
 * Maximum lengths of names. The infraID has at most 27 characters (openshift/installer, `pkg/asset/installconfig/clusterid.go`). A load
 * balancer's or target group's name has at most 32 characters (ELB API reference, CreateLoadBalancer), a role's 64, an instance profile's 128
 * (IAM API reference), a bucket's 63 (S3 user guide).
 */
export const longestInfraId = 27;
export const longestBalancerName = 32;
export const longestBucketName = 63;

/**
 * Values of the tag `kubernetes.io/cluster/<infraID>` on resources of this program, and on resources that the cluster creates
 * (kubernetes/cloud-provider-aws, `pkg/providers/v1/tags.go`, ResourceLifecycle).
 */
export const ownedByThisProgram = "shared";
export const ownedByTheCluster = "owned";

/** Tags by which the cloud controller selects the router's subnets (kubernetes/cloud-provider-aws, `pkg/providers/v1/aws.go`, findELBSubnets). */
export const subnetRoleFacts = { public: ["kubernetes.io/role/elb", "1"], private: ["kubernetes.io/role/internal-elb", "1"] } as const;

/** Names that the default machine sets look for, after `<infraID>-` (openshift/installer, `pkg/asset/machines/aws/machines.go`, provider). */
export const machineSetLookups = {
  subnet: (zone: string) => `private-${zone}`,
  securityGroup: "worker-sg",
  profile: "worker-profile",
} as const;
