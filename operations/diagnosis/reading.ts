import type { Instance, NatGateway, RouteTable, SecurityGroup, VpcEndpoint } from "@aws-sdk/client-ec2";
import type { Listener, LoadBalancer, TargetGroup, TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { ApiService } from "../../components/api-services";
import type { Reason } from "../certificate-approver/request";
import type { HostHealth } from "../../ignition/installer-host/health";
import type { ClusterReading } from "./read/cluster";
import type { Finding } from "./finding";
import type { Policies } from "./policy";

/** A machine of the cluster in EC2. */
export interface Machine {
  readonly id: string;
  /** Its name without the infraID: `master-0`. */
  readonly name: string;
  /** Which pointer it boots from and which group it carries: an infra node is a worker. */
  readonly role: "bootstrap" | "master" | "worker";
  readonly instance: Instance;
  /** Decoded; undefined where it could not be read. */
  readonly userData?: string;
}

export interface NetworkReading {
  readonly vpcId: string;
  readonly dnsSupport?: boolean;
  readonly dnsHostnames?: boolean;
  /** The domains of its DHCP options. */
  readonly domains?: readonly string[];
  /** Every group of the VPC. */
  readonly groups?: readonly SecurityGroup[];
  readonly routeTables?: readonly RouteTable[];
  readonly natGateways?: readonly NatGateway[];
  readonly endpoints?: readonly VpcEndpoint[];
}

/** A balancer with its listeners. */
export interface Balancer {
  readonly balancer: LoadBalancer;
  readonly listeners?: readonly Listener[];
}

/** A target group with what AWS says of its targets. */
export interface Targets {
  readonly group: TargetGroup;
  readonly health?: readonly TargetHealthDescription[];
}

/** By key: null where there is none, undefined where that isn't known. */
export interface BalancingReading {
  readonly balancers: Readonly<Record<ApiService["balancer"], Balancer | null | undefined>>;
  readonly targets: Readonly<Record<ApiService["key"], Targets | null | undefined>>;
}

export interface DnsReading {
  /** Private zones of the cluster's domain that the VPC resolves through. */
  readonly associated?: readonly { readonly id: string; readonly name: string }[];
  /** Private zones of the cluster's domain in this account, whatever VPC they belong to. */
  readonly privateZones?: readonly string[];
  /** The public zone of the base domain; null where there is none. */
  readonly publicZone?: string | null;
  /** Address records by zone and name; without its dot at the end. */
  readonly records: readonly { readonly zone: string; readonly name: string; readonly found: readonly ResourceRecordSet[] }[];
}

/** What the bootstrap machine boots from, and whether it may. */
export interface IgnitionReading {
  readonly bucket: string;
  readonly key: string;
  /** The object: its text is secret; null where there is none. */
  readonly object?: string | null;
  /** Why everyone on the internet can read it; undefined where nobody can. */
  readonly publicBecause?: string;
  /** Role of the bootstrap machine; null where its instance profile has none. */
  readonly roleArn?: string | null;
  readonly policies?: Policies;
}

/** What is known of the installer host, on which the registry and the certificate approver run; null where there is nothing. */
export interface InstallerHostReading {
  readonly host?: Instance | null;
  /** What it has published of itself. */
  readonly health?: HostHealth | null;
}

/** A certificate request that the approver refuses. */
export interface RefusedRequest {
  readonly name: string;
  /** In milliseconds since 1970. */
  readonly created: number;
  readonly reason: Reason;
  /** The reason in words. */
  readonly message: string;
}

/** Everything that a diagnosis looks at, read once. What could not be read is undefined, and one of `unanswered`. */
export interface Reading {
  readonly at: Date;
  readonly unanswered: readonly Finding[];
  /** None are known where EC2 did not answer. */
  readonly machines?: readonly Machine[];
  readonly network?: NetworkReading;
  readonly balancing: BalancingReading;
  readonly dns: DnsReading;
  /** Undefined when no bootstrap machine runs, or its pointer doesn't name an object in S3. */
  readonly ignition?: IgnitionReading;
  /** Undefined where the cluster needs no such host. */
  readonly installerHost?: InstallerHostReading;
  /** Undefined without a kubeconfig. */
  readonly cluster?: ClusterReading;
  /** Certificate requests that wait because the approver's own rules refuse them. */
  readonly refused?: readonly RefusedRequest[];
}

/** Whether the machine runs, or is about to. */
export function isAlive({ instance }: Machine): boolean {
  return instance.State?.Name === "running" || instance.State?.Name === "pending";
}

/** `master-0 (i-0123)`. */
export function label({ name, id }: Machine): string {
  return `${name} (${id})`;
}
