/**
 * The load balancers and their listeners (openshift/installer, `upi/aws/cloudformation/02_cluster_infra.yaml`: ExtApiElb, IntApiElb,
 * ExternalApiListener, InternalApiListener, InternalServiceInternalListener). Their names and the paths of the health checks are those of
 * `pkg/asset/manifests/aws/cluster.go` (main).
 */
export interface BalancerFact {
  /** `<infraID>-<suffix>`. */
  readonly suffix: "ext" | "int";
  readonly internal: boolean;
  readonly subnets: "public" | "private";
  /**
   * The ingress rules of the load balancer's security group; undefined if the load balancer has no security group (openshift/installer, pkg/asset/manifests/aws/cluster.go of 4.19, ingress
   * rules of ControlPlaneLoadBalancer).
   */
  readonly lets?: readonly (readonly [from: "machine-network" | "0.0.0.0/0", port: number])[];
  readonly listeners: readonly { readonly port: number; readonly healthPath: string }[];
}

export const balancerFacts: readonly BalancerFact[] = [
  { suffix: "ext", internal: false, subnets: "public", listeners: [{ port: 6443, healthPath: "/readyz" }] },
  {
    suffix: "int",
    internal: true,
    subnets: "private",
    lets: [
      ["0.0.0.0/0", 6443],
      ["machine-network", 22623],
    ],
    listeners: [
      { port: 6443, healthPath: "/readyz" },
      { port: 22623, healthPath: "/healthz" },
    ],
  },
];

/**
 * The attributes that all target groups share: type and deregistration delay from openshift/installer,
 * `upi/aws/cloudformation/02_cluster_infra.yaml`; interval and thresholds from `pkg/asset/manifests/aws/cluster.go` (main); preservation of
 * the client's address from kubernetes-sigs/cluster-api-provider-aws, `pkg/cloud/services/elb/loadbalancer.go` (main).
 */
export const targetGroupFact = {
  protocol: "TCP",
  targetType: "ip",
  preserveClientIp: "false",
  deregistrationDelay: 60,
  interval: 10,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
} as const;
