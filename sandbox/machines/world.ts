import { readBalancers } from "./reading/balancers";
import { readEc2 } from "./reading/ec2";
import { readPermissions, type Document, type Permissions } from "./reading/permissions";
import { readZones } from "./reading/zones";

/** One EC2 instance, as far as its first boot and its connections depend on it. Terminated instances are not part of a world. */
export interface Instance {
  readonly id: string;
  /** `pending`, `running`, `shutting-down`, `stopping` or `stopped`. */
  readonly state: string;
  readonly imageId: string;
  readonly architecture: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly privateIp: string;
  /** The address on the internet, if it has one. */
  readonly publicIp?: string;
  /** `ip-10-0-1-7.ec2.internal`: always in AWS's own domain. */
  readonly privateDnsName: string;
  /** What the metadata service answers for `local-hostname`: its host name in the domain, or the domains, of the VPC's DHCP options. */
  readonly localHostname: string;
  readonly groupIds: readonly string[];
  /** ARN of the instance profile. */
  readonly profileArn?: string;
  /** Whether the machine can ask the instance metadata service, from which Ignition has its user data. */
  readonly metadataService: boolean;
  readonly zone: string;
  readonly instanceType: string;
  /** When it was started. */
  readonly launched: Date;
  readonly tags: Readonly<Record<string, string>>;
}

/** A machine image. */
export interface Image {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly architecture: string;
  readonly ownerId: string;
  /** The image that this one is a copy of. */
  readonly sourceImageId?: string;
}

export interface Vpc {
  readonly id: string;
  readonly cidrs: readonly string[];
  /** enableDnsSupport: whether the VPC's resolver answers at all. */
  readonly dnsSupport: boolean;
  /** enableDnsHostnames: without it, private hosted zones are not answered. */
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
  /** The range, or the prefix list, that the route is for. */
  readonly destination: string;
  /** Id of what it leads to: `igw-…`, `nat-…`, `vpce-…`, `local` and so on. */
  readonly target: string;
  /** `active`, or `blackhole` where the target is gone. */
  readonly state: string;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  /** Whether it holds for the VPC's subnets that are associated with no table. */
  readonly main: boolean;
  readonly subnetIds: readonly string[];
  readonly routes: readonly Route[];
}

export interface NatGateway {
  readonly id: string;
  readonly subnetId: string;
  readonly state: string;
  /** Addresses that the internet sees what comes through it as. */
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

/** One permission of a security group: traffic, and whom it may come from or go to. */
export interface Permission {
  /** `tcp`, `udp`, `icmp`, a number, or `-1` for every protocol. */
  readonly protocol: string;
  /** None where the permission is for every port. */
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

/** A load balancer of any generation. A classic one appears as a network one would: its listeners' back ends are target groups of its own. */
export interface LoadBalancer {
  /** Its ARN; a classic one's name. */
  readonly id: string;
  readonly name: string;
  readonly kind: "network" | "application" | "gateway" | "classic";
  readonly internal: boolean;
  /** In lower case. */
  readonly dnsName: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** Its own addresses in its subnets; one per subnet. */
  readonly addresses: readonly { readonly subnetId: string; readonly address: string }[];
  /** Without any, it lets everything in, and targets see its addresses only. */
  readonly groupIds: readonly string[];
  readonly listeners: readonly Listener[];
}

export interface Listener {
  readonly protocol: string;
  readonly port: number;
  /** Where its default actions forward to. */
  readonly targetGroupIds: readonly string[];
}

export interface HealthCheck {
  /** `TCP`, `HTTP`, `HTTPS` or `SSL`. */
  readonly protocol: string;
  /** A number, or undefined for the port that the target was registered with ("traffic-port"). */
  readonly port?: number;
  readonly path: string;
  /** Status codes of a healthy target: `200`, `200-399`, `200,204`. */
  readonly codes: string;
}

export interface TargetGroup {
  /** Its ARN; for a classic load balancer's, `<name>:<port>`. */
  readonly id: string;
  readonly name: string;
  readonly vpcId: string;
  readonly protocol: string;
  readonly port: number;
  readonly targetType: "ip" | "instance" | "alb" | "lambda";
  /** preserve_client_ip.enabled: whether targets see the client's address instead of the balancer's. */
  readonly preservesClientIp: boolean;
  readonly healthCheck: HealthCheck;
  readonly targets: readonly Target[];
  /** Balancers whose listeners forward to it. */
  readonly loadBalancerIds: readonly string[];
}

export interface Target {
  /** An address, or an instance's id. */
  readonly id: string;
  readonly port: number;
}

export interface Zone {
  readonly id: string;
  /** In lower case, without the last dot. */
  readonly name: string;
  readonly private: boolean;
  /** Of a private zone: the VPCs whose resolvers know it. */
  readonly vpcIds: readonly string[];
  readonly records: readonly DnsRecord[];
}

export interface DnsRecord {
  /** In lower case, without the last dot; a wildcard's begins with `*.`. */
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
  /** Name of the balancer, or record, that an alias stands for. */
  readonly alias?: string;
}

/** A region of an account at one moment, and where to ask for what is rarely needed. */
export interface World {
  readonly region: string;
  readonly instances: readonly Instance[];
  /** The images that instances were started from. */
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
  /** Hosted zones of the account, which belong to no region. */
  readonly zones: readonly Zone[];
  /** An instance's user data in base64, asked for now; undefined without any. */
  readonly userDataOf: (instanceId: string) => Promise<string | undefined>;
  /** What an instance profile's role may do, asked for now; undefined where there is no such profile, or no role in it. */
  readonly permissionsOf: (profileArn: string) => Promise<Permissions | undefined>;
  /** A bucket's policy, asked for now; undefined without one. */
  readonly bucketPolicyOf: (bucket: string) => Promise<Document | undefined>;
}

/**
 * Reads a region through AWS's own API, with proxy, certificates and credentials of the environment. Everything at once; pages are followed.
 *
 * @throws the SDK's errors, after its own retries.
 */
export async function readWorld(region: string): Promise<World> {
  const permissions = readPermissions(region);
  const [ec2, balancers, zones] = await Promise.all([readEc2(region), readBalancers(region), readZones(region)]);
  const { balancerAddresses, ...rest } = ec2;
  const { loadBalancers, targetGroups } = balancers;
  return {
    region,
    ...rest,
    zones,
    targetGroups,
    loadBalancers: loadBalancers.map((balancer) => ({ ...balancer, addresses: balancerAddresses(balancer) })),
    ...permissions,
  };
}
