/** Security groups to which a rule's traffic goes. */
export type TrafficDestination = "masters" | "workers" | "bootstrap";

/** Where traffic comes from: the instances' CIDR blocks, another security group, or the administrators' CIDR blocks. */
export type TrafficSource = "machine-network" | "masters" | "workers" | "admins";

export interface SecurityGroupRule {
  readonly to: TrafficDestination;
  readonly from: TrafficSource;
  readonly protocol: "tcp" | "udp" | "icmp" | "esp";
  /** First and last port; undefined for ICMP and ESP. */
  readonly ports?: readonly [first: number, last: number];
  readonly purpose: string;
}

/** All ingress rules of the instances (openshift/installer, `upi/aws/cloudformation/03_cluster_security.yaml`). */
export const ingressRules: readonly SecurityGroupRule[] = [
  { to: "masters", from: "machine-network", protocol: "icmp", purpose: "ping and path MTU discovery" },
  { to: "masters", from: "machine-network", protocol: "tcp", ports: [22, 22], purpose: "ssh" },
  { to: "masters", from: "machine-network", protocol: "tcp", ports: [6443, 6443], purpose: "Kubernetes API, through the load balancers" },
  { to: "masters", from: "machine-network", protocol: "tcp", ports: [22623, 22623], purpose: "machine config server" },
  { to: "workers", from: "machine-network", protocol: "icmp", purpose: "ping and path MTU discovery" },
  { to: "workers", from: "machine-network", protocol: "tcp", ports: [22, 22], purpose: "ssh" },
  { to: "masters", from: "masters", protocol: "tcp", ports: [2379, 2380], purpose: "etcd" },
  ...betweenNodes({ protocol: "udp", ports: [4789, 4789], purpose: "VXLAN" }),
  ...betweenNodes({ protocol: "udp", ports: [6081, 6081], purpose: "Geneve" }),
  ...betweenNodes({ protocol: "udp", ports: [500, 500], purpose: "IPsec IKE" }),
  ...betweenNodes({ protocol: "udp", ports: [4500, 4500], purpose: "IPsec NAT traversal" }),
  ...betweenNodes({ protocol: "esp", purpose: "IPsec ESP" }),
  ...betweenNodes({ protocol: "tcp", ports: [9000, 9999], purpose: "host-level services" }),
  ...betweenNodes({ protocol: "udp", ports: [9000, 9999], purpose: "host-level services" }),
  ...betweenNodes({ protocol: "tcp", ports: [30000, 32767], purpose: "node ports" }),
  ...betweenNodes({ protocol: "udp", ports: [30000, 32767], purpose: "node ports" }),
  { to: "masters", from: "masters", protocol: "tcp", ports: [10250, 10259], purpose: "kubelet, scheduler, controller manager" },
  { to: "masters", from: "workers", protocol: "tcp", ports: [10250, 10259], purpose: "kubelet, scheduler, controller manager" },
  { to: "workers", from: "masters", protocol: "tcp", ports: [10250, 10250], purpose: "kubelet" },
  { to: "workers", from: "workers", protocol: "tcp", ports: [10250, 10250], purpose: "kubelet" },
  { to: "bootstrap", from: "admins", protocol: "tcp", ports: [22, 22], purpose: "ssh, to gather logs" },
  { to: "bootstrap", from: "admins", protocol: "tcp", ports: [19531, 19531], purpose: "journal gateway" },
];

/** The rule's key in the state. It must stay the same when the table changes. */
export function ruleKey({ to, from, protocol, ports }: SecurityGroupRule): string {
  const range = ports === undefined ? "" : ports[0] === ports[1] ? `-${ports[0]}` : `-${ports[0]}-${ports[1]}`;
  return `${to}-from-${from}-${protocol}${range}`;
}

function betweenNodes(rule: Pick<SecurityGroupRule, "protocol" | "ports" | "purpose">): SecurityGroupRule[] {
  const groups = ["masters", "workers"] as const;
  return groups.flatMap((to) => groups.map((from) => ({ to, from, ...rule })));
}
