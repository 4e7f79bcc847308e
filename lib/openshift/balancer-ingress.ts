/** Who may reach a port of the internal load balancer: the cluster's instances, or everyone who can reach its private addresses. */
export interface BalancerRule {
  readonly port: number;
  readonly from: "machine-network" | "anywhere";
  readonly purpose: string;
}

/**
 * All ingress rules of the internal load balancer (openshift/installer, `pkg/asset/manifests/aws/cluster.go` of 4.19: ingress rules of the control
 * plane's load balancers). The API authenticates its clients; the machine config server serves secrets without authentication. Without its own
 * security group, the load balancer would accept every client. The control plane's security group could not stop them: it sees the load balancer's
 * address, which is in the instances' CIDR blocks. So everyone who can reach the load balancer could read the machine config server's secrets.
 */
export const balancerRules: readonly BalancerRule[] = [
  { port: 6443, from: "anywhere", purpose: "Kubernetes API, from the VPC and what is connected to it" },
  { port: 22623, from: "machine-network", purpose: "machine config server" },
];
