import type { Document, Permissions } from "./permissions";

/** The fields of an EC2 instance that matter for its first boot and its connections. Terminated instances are left out of the snapshot. */
export interface Instance {
  readonly id: string;
  /** `pending`, `running`, `shutting-down`, `stopping` or `stopped`. */
  readonly state: string;
  readonly imageId: string;
  readonly architecture: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly privateIp: string;
  /** The public address, if it has one. */
  readonly publicIp?: string;
  /** `ip-10-0-1-7.ec2.internal`: always in AWS's own domain. */
  readonly privateDnsName: string;
  /** The metadata service's `local-hostname`: the host name with the domain, or the domains, of the VPC's DHCP options. */
  readonly localHostname: string;
  readonly groupIds: readonly string[];
  /** ARN of the instance profile. */
  readonly profileArn?: string;
  /** Whether the instance metadata service is enabled. Ignition gets the user data from it. */
  readonly metadataService: boolean;
  readonly zone: string;
  readonly instanceType: string;
  /** Number of virtual processors of the instance type. */
  readonly cpus: number;
  /** Memory of the instance type, in MiB. */
  readonly memoryMib: number;
  /** Launch time. */
  readonly launched: Date;
  readonly tags: Readonly<Record<string, string>>;
}

/** An AMI. */
export interface Image {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly architecture: string;
  readonly ownerId: string;
  /** If this AMI is a copy: the id of the original AMI. */
  readonly sourceImageId?: string;
}

export interface Vpc {
  readonly id: string;
  readonly cidrs: readonly string[];
  /** enableDnsSupport: whether the VPC's resolver answers at all. */
  readonly dnsSupport: boolean;
  /** enableDnsHostnames: if false, the VPC's resolver does not answer from private hosted zones. */
  readonly dnsHostnames: boolean;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly cidr: string;
  readonly zone: string;
  /** `availability-zone`, `local-zone` or `wavelength-zone`. */
  readonly zoneType: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Route {
  /** The CIDR block or the prefix list to which the route applies. */
  readonly destination: string;
  /** Id of the route's target: `igw-…`, `nat-…`, `vpce-…`, `local` and so on. */
  readonly target: string;
  /** `active`, or `blackhole` if the target is gone. */
  readonly state: string;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  /** Whether this is the main route table, which applies to all subnets of the VPC that are not associated with a route table. */
  readonly main: boolean;
  readonly subnetIds: readonly string[];
  readonly routes: readonly Route[];
}

export interface NatGateway {
  readonly id: string;
  readonly subnetId: string;
  readonly state: string;
  /** The source addresses of the NAT gateway's traffic on the internet. */
  readonly publicIps: readonly string[];
}

export interface InternetGateway {
  readonly id: string;
  readonly vpcIds: readonly string[];
}

export interface Endpoint {
  readonly id: string;
  readonly vpcId: string;
  readonly kind: string;
  /** `com.amazonaws.us-east-1.s3` */
  readonly service: string;
  readonly state: string;
  readonly routeTableIds: readonly string[];
  readonly subnetIds: readonly string[];
  readonly groupIds: readonly string[];
  readonly privateDns: boolean;
}

/** One permission of a security group: the traffic, and the peers that it may come from or go to. */
export interface Permission {
  /** `tcp`, `udp`, `icmp`, a number, or `-1` for every protocol. */
  readonly protocol: string;
  /** Undefined if the permission is for every port. */
  readonly ports?: readonly [first: number, last: number];
  readonly cidrs: readonly string[];
  readonly groupIds: readonly string[];
  readonly prefixListIds: readonly string[];
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpcId: string;
  readonly ingress: readonly Permission[];
  readonly egress: readonly Permission[];
  readonly tags: Readonly<Record<string, string>>;
}

/** A load balancer of any generation. For a classic one, each back-end port appears as a target group. */
export interface LoadBalancer {
  /** The ARN; for a classic load balancer, the name. */
  readonly id: string;
  readonly name: string;
  readonly kind: "network" | "application" | "gateway" | "classic";
  readonly internal: boolean;
  /** In lower case. */
  readonly dnsName: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** The private addresses of the load balancer's network interfaces, one per subnet. */
  readonly addresses: readonly { readonly subnetId: string; readonly address: string }[];
  /**
   * IDs of the load balancer's security groups. Without security groups the load balancer accepts all traffic, and rules in the targets' security
   * groups can name the load balancer only by its addresses.
   */
  readonly groupIds: readonly string[];
  readonly listeners: readonly Listener[];
}

export interface Listener {
  readonly protocol: string;
  readonly port: number;
  /** Target groups of the listener's default actions. */
  readonly targetGroupIds: readonly string[];
}

export interface HealthCheck {
  /** `TCP`, `HTTP`, `HTTPS` or `SSL`. */
  readonly protocol: string;
  /** Undefined: the port with which the target was registered ("traffic-port"). */
  readonly port?: number;
  readonly path: string;
  /** Status codes of a healthy target: `200`, `200-399`, `200,204`. */
  readonly codes: string;
}

export interface TargetGroup {
  /** The ARN; for a classic load balancer, `<name>:<port>`. */
  readonly id: string;
  readonly name: string;
  readonly vpcId: string;
  readonly protocol: string;
  readonly port: number;
  readonly targetType: "ip" | "instance" | "alb" | "lambda";
  /** preserve_client_ip.enabled: whether targets see the client's address instead of the load balancer's. */
  readonly preservesClientIp: boolean;
  readonly healthCheck: HealthCheck;
  readonly targets: readonly Target[];
  /** Load balancers whose listeners forward to it. */
  readonly loadBalancerIds: readonly string[];
}

export interface Target {
  /** An IP address or an instance id. */
  readonly id: string;
  readonly port: number;
}

export interface Zone {
  readonly id: string;
  /** In lower case, without the dot at the end. */
  readonly name: string;
  readonly private: boolean;
  /** For a private zone: the VPCs with which it is associated. */
  readonly vpcIds: readonly string[];
  readonly records: readonly DnsRecord[];
}

export interface DnsRecord {
  /** In lower case, without the dot at the end; a wildcard's name begins with `*.`. */
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
  /** The target of an alias: the name of a load balancer or of another record. */
  readonly alias?: string;
}

/** The records of one region at one moment, and functions that read rarely needed records when they are called. */
export interface AwsSnapshot {
  readonly region: string;
  readonly instances: readonly Instance[];
  /** The AMIs of the instances. */
  readonly images: readonly Image[];
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly routeTables: readonly RouteTable[];
  readonly natGateways: readonly NatGateway[];
  readonly internetGateways: readonly InternetGateway[];
  readonly endpoints: readonly Endpoint[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly targetGroups: readonly TargetGroup[];
  /** Hosted zones of the account; they belong to no region. */
  readonly zones: readonly Zone[];
  /** Reads an instance's user data, in base64; undefined if it has none. */
  readonly userDataOf: (instanceId: string) => Promise<string | undefined>;
  /** Reads the policies of an instance profile's role; undefined if the profile does not exist or has no role. */
  readonly permissionsOf: (profileArn: string) => Promise<Permissions | undefined>;
  /** Reads a bucket's policy; undefined if it has none. */
  readonly bucketPolicyOf: (bucket: string) => Promise<Document | undefined>;
}
