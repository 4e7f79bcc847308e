import { type Cidr, contains, enclosingCidr, formatCidr, overlap, parseCidr } from "../cidr";
import type { ValueProblem } from "../problem";
import { VPC_PREFIX } from "./subnets";

/**
 * CIDR blocks that instances, pods and services can't have: the blocks that every node uses internally (openshift/installer, pkg/validate:
 * OVNIPv4JoinSubnet, OVNIPv4TransitSubnet, OVNIPv4MasqueradeSubnet), and the blocks without host addresses (RFC 6890, section 2.2.2; RFC
 * 5771, multicast).
 */
export const RESERVED: readonly { readonly range: Cidr; readonly why: string }[] = [
  { range: parseCidr("100.64.0.0/16"), why: "OVN-Kubernetes' join network, which every node uses" },
  { range: parseCidr("100.88.0.0/16"), why: "OVN-Kubernetes' transit network, which every node uses" },
  // Contains OVN-Kubernetes' masquerade network 169.254.0.0/17 and AWS's metadata service 169.254.169.254.
  {
    range: parseCidr("169.254.0.0/16"),
    why: "the link-local addresses, which every node uses for AWS's metadata service and OVN-Kubernetes",
  },
  { range: parseCidr("0.0.0.0/8"), why: 'which means "this network"' },
  { range: parseCidr("127.0.0.0/8"), why: "the loopback addresses" },
  { range: parseCidr("224.0.0.0/4"), why: "the multicast addresses" },
  { range: parseCidr("240.0.0.0/4"), why: "reserved addresses, which no operating system accepts" },
];

/** CIDR blocks that AWS recommends for a VPC: RFC 1918 and the shared block of RFC 6598 (VPC user guide, "VPC CIDR blocks"). */
export const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map(parseCidr);

/**
 * Kubernetes accepts a /12 at most (openshift/installer, pkg/validate, ServiceSubnetCIDR); a /24 holds the platform's own services and a
 * few more.
 */
const SERVICE_PREFIX = { widest: 12, narrowest: 24 } as const;

/** A load balancer needs eight free addresses in a subnet (ELB user guide, "Availability Zones"). */
export const ADDRESSES_FOR_BALANCERS = 8;

function prefixProblem(
  range: Cidr,
  limits: { readonly widest: number; readonly narrowest: number },
  instead?: string,
): ValueProblem | undefined {
  if (range.prefix >= limits.widest && range.prefix <= limits.narrowest) return undefined;
  return {
    wrong: range.prefix < limits.widest ? "is too large" : "is too small",
    allowed: `a prefix from /${limits.widest} to /${limits.narrowest}`,
    ...(instead === undefined ? {} : { instead }),
  };
}

/** Checks an IPv4 CIDR block in canonical form. */
export function cidrProblem(text: string): ValueProblem | undefined {
  try {
    const canonical = formatCidr(enclosingCidr(text));
    return canonical === text ? undefined : { wrong: `has bits set after its prefix; the CIDR block is ${canonical}`, instead: canonical };
  } catch (error) {
    return { wrong: (error as RangeError).message };
  }
}

/**
 * Maximum CIDR blocks of instances: as many as a VPC can have without a raised quota (Amazon VPC quotas, "IPv4 CIDR blocks per VPC"). Each
 * CIDR block needs four rules in the control plane's security group, which has room for 60.
 */
export const MAX_MACHINE_CIDRS = 5;

/** The CIDR blocks in a comma-separated text. */
export function cidrBlocksIn(text: string): string[] {
  return text.split(",").map((range) => range.trim());
}

/**
 * Checks the CIDR blocks of the instances in an existing VPC (openshift/installer, pkg/types/validation: machine networks must not
 * overlap).
 */
export function machineCidrProblem(text: string): ValueProblem | undefined {
  const ranges = cidrBlocksIn(text);
  for (const range of ranges) {
    const problem = cidrProblem(range);
    if (problem === undefined) continue;
    if (ranges.length === 1) return problem;
    const instead =
      problem.instead === undefined ? {} : { instead: ranges.map((each) => (each === range ? problem.instead : each)).join(",") };
    return { wrong: `has ${JSON.stringify(range)}, which ${problem.wrong}`, ...instead };
  }
  if (ranges.length > MAX_MACHINE_CIDRS) return { wrong: `has ${ranges.length} CIDR blocks` };
  const overlapping = ranges.find((range, index) => ranges.slice(0, index).some((other) => overlap(parseCidr(other), parseCidr(range))));
  return overlapping === undefined ? undefined : { wrong: `has ${overlapping}, which overlaps another of its CIDR blocks` };
}

/** Checks the CIDR block of a new VPC. */
export function vpcCidrProblem(text: string): ValueProblem | undefined {
  const problem = cidrProblem(text);
  if (problem) return problem;
  const range = parseCidr(text);
  if (!PRIVATE.some((block) => contains(block, range))) {
    return {
      wrong: "has public addresses, so the instances could not reach the hosts on the internet that own these addresses",
      allowed: `a CIDR block in ${PRIVATE.map(formatCidr).join(", ")}`,
    };
  }
  return prefixProblem(range, VPC_PREFIX, formatCidr({ first: range.first - (range.first % 2 ** 16), prefix: 16 }));
}

/** Checks the CIDR block of services. */
export function serviceCidrProblem(text: string): ValueProblem | undefined {
  return cidrProblem(text) ?? prefixProblem(parseCidr(text), SERVICE_PREFIX);
}

const ZONE = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}[a-z]$/;

/** Checks the name of an availability zone. */
export function zoneProblem(zone: string): ValueProblem | undefined {
  if (ZONE.test(zone)) return undefined;
  if (/^[a-z]{2,4}\d-az\d+$/.test(zone)) return { wrong: "is the ID of a zone, but its name is needed, such as us-east-1a" };
  if (/^[a-z]{2,4}(-[a-z]+)+-\d-[a-z]/.test(zone))
    return { wrong: "is a local or wavelength zone, which can have neither a control plane nor network load balancers" };
  return { wrong: "is not a valid name of an availability zone" };
}

export const DEFAULT_VPC_CIDR = "10.0.0.0/16";

/** AWS services that nodes call (openshift-docs, "Installing a cluster on AWS in a restricted network"). */
export const NEEDED_ENDPOINTS = ["ec2", "elasticloadbalancing"] as const;

/** AWS services with an interface endpoint that a cluster, its operators or this program call. */
export const ENDPOINT_SERVICES = [
  "ec2",
  "elasticloadbalancing",
  "sts",
  "kms",
  "tagging",
  "ecr.api",
  "ecr.dkr",
  "elasticfilesystem",
  "logs",
  "monitoring",
  "secretsmanager",
  "ssm",
  "ssmmessages",
  "ec2messages",
] as const;

export type EndpointService = (typeof ENDPOINT_SERVICES)[number];

/** Checks the name of a service for an interface endpoint. */
export function endpointProblem(service: string): ValueProblem | undefined {
  if ((ENDPOINT_SERVICES as readonly string[]).includes(service)) return undefined;
  if (service.startsWith("com.amazonaws."))
    return { wrong: "is the full name of an endpoint service", instead: service.split(".").slice(3).join(".") };
  if (service === "s3") return { wrong: "is not needed: every new VPC gets a gateway endpoint for S3" };
  if (service === "iam" || service === "route53") {
    return {
      wrong: "has no VPC endpoint",
      fix: "use httpsProxy to reach this service, or do without it: dnsManagement user for route53, existing roles for iam",
    };
  }
  return { wrong: "is not a service that a cluster calls through an endpoint" };
}
