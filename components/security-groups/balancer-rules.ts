/** Who reaches a port of the internal load balancer: the machines, or everyone who has a way to its private addresses. */
export interface BalancerRule {
  readonly port: number;
  readonly from: "machine-network" | "anywhere";
  readonly purpose: string;
}

/**
 * Every way into the internal load balancer, and no other (openshift/installer, pkg/asset/manifests/aws/cluster.go of 4.19: ingress rules of the
 * control plane's load balancers). The API asks everyone who they are; the machine config server hands out secrets and asks nobody. Without a
 * group the load balancer would pass everyone on, and the masters would see its address in the machines' range.
 */
export const balancerRules: readonly BalancerRule[] = [
  { port: 6443, from: "anywhere", purpose: "Kubernetes API, from the VPC and what is connected to it" },
  { port: 22623, from: "machine-network", purpose: "machine config server" },
];
