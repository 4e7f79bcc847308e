/**
 * Names and tags that others look for (reference, sections 1 and 3). A load balancer's or target group's name has at most 32 characters (ELB API
 * reference, CreateLoadBalancer), a role's 64, an instance profile's 128 (IAM API reference), a bucket's 63 (S3 user guide).
 */
export const longestInfraId = 27;
export const longestBalancerName = 32;
export const longestBucketName = 63;

/** Value of `kubernetes.io/cluster/<infraID>` on what this program owns, and the one that is the cluster's own to give. */
export const ownedByThisProgram = "shared";
export const ownedByTheCluster = "owned";

/** Tags by which the cloud controller picks the router's subnets. */
export const subnetRoleFacts = { public: ["kubernetes.io/role/elb", "1"], private: ["kubernetes.io/role/internal-elb", "1"] } as const;

/** What the default machine sets look for, after `<infraID>-`. */
export const machineSetLookups = {
  subnet: (zone: string) => `private-${zone}`,
  securityGroup: "worker-sg",
  profile: "worker-profile",
} as const;
