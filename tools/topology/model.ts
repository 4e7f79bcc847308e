/** The content of a stack's diagram. */
export interface Diagram {
  /** The cluster's domain, if the stack contains it. */
  readonly cluster?: string;
  /** Such as "VPC 10.0.0.0/16" or "existing VPC". */
  readonly network: string;
  readonly zones: readonly DiagramZone[];
  readonly balancers: readonly DiagramLoadBalancer[];
  /** Routers whose load balancers the cluster creates. */
  readonly routers: readonly Router[];
  readonly flows: readonly Flow[];
  /** Public DNS names. */
  readonly publicNames: readonly string[];
  /** Services that the stack configures in the cluster. */
  readonly services: readonly ClusterService[];
}

/** A service that runs in the cluster, such as Velero, or an operator. */
export interface ClusterService {
  readonly name: string;
  /** Namespaces of its objects, sorted. */
  readonly namespaces: readonly string[];
  /** Where its data is stored, such as "bucket dev-x7k2q-velero" or "2 volumes of 100 GiB (Prometheus, gp3)". */
  readonly data: readonly string[];
  /** URLs of its routes, sorted. */
  readonly urls: readonly string[];
}

/** A zone's part of the network. */
export interface DiagramZone {
  readonly name: string;
  readonly subnets: readonly DiagramSubnet[];
}

export interface DiagramSubnet {
  /** Such as "public 10.0.0.0/20" or "subnet-0123". */
  readonly name: string;
  readonly public: boolean;
  /** Whether the subnet contains a NAT gateway. */
  readonly nat: boolean;
  readonly machines: readonly MachineGroup[];
}

/** Instances of the same group in one subnet. */
export interface MachineGroup {
  readonly group: string;
  readonly count: number;
  /** The instance types, sorted. There are several while the type of the group is being changed. */
  readonly instanceTypes: readonly string[];
  /** Whether the instances have public addresses. */
  readonly public: boolean;
  /** Names of the instances' security groups, sorted. */
  readonly securityGroups: readonly string[];
}

export interface DiagramLoadBalancer {
  readonly name: string;
  readonly public: boolean;
  /** By port. */
  readonly listeners: readonly DiagramListener[];
}

export interface DiagramListener {
  /** Such as "tcp 6443". */
  readonly port: string;
  /** Groups of instances behind the load balancer, sorted. */
  readonly targets: readonly string[];
}

export interface Router {
  readonly name: string;
  /** Wildcard domain: "*.apps.dev.okd.example.com". */
  readonly domain: string;
  readonly public: boolean;
  /** CIDR blocks of allowed sources; empty if all sources are allowed. */
  readonly ranges: readonly string[];
}

/** Traffic that security groups allow: the source, the security group of the destination, and the ports. */
export interface Flow {
  /** A CIDR block, or a security group's name. */
  readonly from: string;
  readonly to: string;
  /** For example "tcp 6443", "udp 4789" or "icmp"; sorted by protocol and port. */
  readonly ports: readonly string[];
  /** Whether the source is outside the stack's network. */
  readonly outside: boolean;
}
