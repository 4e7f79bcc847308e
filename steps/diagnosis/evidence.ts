import type { Instance, NatGateway, RouteTable, SecurityGroup, VpcEndpoint } from "@aws-sdk/client-ec2";
import type { Listener, LoadBalancer, TargetGroup, TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { ApiService } from "../../lib/openshift/api-services";
import type { Reason } from "../certificate-approver/request";
import type { PublishedHealth } from "../../ignition/installer-host/health";
import type { ClusterEvidence } from "./read/cluster";
import type { Finding } from "./finding";
import type { Policies } from "./policy";

/** An EC2 instance of the cluster. */
export interface InstanceEvidence {
  readonly id: string;
  /** Name without the infraID: `master-0`. */
  readonly name: string;
  /** The role determines the pointer config and the security group. An infra node has a worker's pointer config and security group. */
  readonly role: "bootstrap" | "master" | "worker";
  readonly instance: Instance;
  /** Decoded user data; undefined if it could not be read. */
  readonly userData?: string;
}

export interface NetworkEvidence {
  readonly vpcId: string;
  readonly dnsSupport?: boolean;
  readonly dnsHostnames?: boolean;
  /** Domains in the DHCP options of the VPC. */
  readonly domains?: readonly string[];
  /** All security groups of the VPC. */
  readonly groups?: readonly SecurityGroup[];
  readonly routeTables?: readonly RouteTable[];
  readonly natGateways?: readonly NatGateway[];
  readonly endpoints?: readonly VpcEndpoint[];
}

/** A load balancer with its listeners. */
export interface BalancerEvidence {
  readonly balancer: LoadBalancer;
  readonly listeners?: readonly Listener[];
}

/** A target group with the health of its targets. */
export interface Targets {
  readonly group: TargetGroup;
  readonly health?: readonly TargetHealthDescription[];
}

/** Load balancers and target groups by key. An entry is null if the resource does not exist, undefined if it could not be read. */
export interface BalancingEvidence {
  readonly balancers: Readonly<Record<ApiService["balancer"], BalancerEvidence | null | undefined>>;
  readonly targets: Readonly<Record<ApiService["key"], Targets | null | undefined>>;
}

export interface DnsEvidence {
  /** Private zones of the cluster's domain that are associated with the VPC. */
  readonly associated?: readonly { readonly id: string; readonly name: string }[];
  /** All private zones of the cluster's domain in this account, with any associated VPC. */
  readonly privateZones?: readonly string[];
  /** The public zone of the base domain; null if it does not exist. */
  readonly publicZone?: string | null;
  /** Address records by zone and name. The name has no final dot. */
  readonly records: readonly { readonly zone: string; readonly name: string; readonly found: readonly ResourceRecordSet[] }[];
}

/** The bootstrap instance's ignition config in S3, and the permissions to read it. */
export interface IgnitionEvidence {
  readonly bucket: string;
  readonly key: string;
  /** Text of the object, secret; null if the object does not exist. */
  readonly object?: string | null;
  /** The setting that lets everyone on the internet read the object; undefined if the object is not public. */
  readonly publicBecause?: string;
  /** Role of the bootstrap instance; null if its instance profile has none. */
  readonly roleArn?: string | null;
  readonly policies?: Policies;
}

/**
 * The installer host, on which the registry and the certificate approver run, and the host's published health. A field is null if the host or its
 * health does not exist.
 */
export interface InstallerHostEvidence {
  readonly host?: Instance | null;
  /** The health that the host has published. */
  readonly health?: PublishedHealth | null;
}

/** A CSR that the approver refuses. */
export interface RefusedRequest {
  readonly name: string;
  /** Creation time in milliseconds since 1970. */
  readonly created: number;
  readonly reason: Reason;
  /** The reason, with the wrong value. */
  readonly message: string;
}

/**
 * The evidence: everything that the checks of a diagnosis use, read once. A part that could not be read is undefined and has a finding in
 * `unanswered`.
 */
export interface Evidence {
  readonly at: Date;
  readonly unanswered: readonly Finding[];
  /** Undefined if EC2 did not answer. */
  readonly machines?: readonly InstanceEvidence[];
  readonly network?: NetworkEvidence;
  readonly balancing: BalancingEvidence;
  readonly dns: DnsEvidence;
  /** Undefined if no bootstrap instance is running, or if its pointer config doesn't lead to an object in S3. */
  readonly ignition?: IgnitionEvidence;
  /** Undefined if the cluster needs no installer host. */
  readonly installerHost?: InstallerHostEvidence;
  /** Undefined without a kubeconfig. */
  readonly cluster?: ClusterEvidence;
  /** Pending CSRs that the approver's rules refuse. */
  readonly refused?: readonly RefusedRequest[];
}

/** Whether the instance is running or about to run. */
export function isPendingOrRunning({ instance }: InstanceEvidence): boolean {
  return instance.State?.Name === "running" || instance.State?.Name === "pending";
}

/** `master-0 (i-0123)`. */
export function instanceLabel({ name, id }: InstanceEvidence): string {
  return `${name} (${id})`;
}
