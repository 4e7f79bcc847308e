import { contains, type Cidr, enclosingCidr, formatCidr, overlap, parseCidr, usableInSubnet } from "../cidr";
import { type KeyProblem, type ValueProblem, setCommand } from "../finding";
import { rule } from "../rule";
import type { Warning } from "../warning";
import { MOST_ZONES, SUBNET_BITS, VPC_PREFIX } from "./subnets";

/**
 * CIDR blocks that instances, pods and services can't have: those that every node uses internally (openshift/installer, pkg/validate:
 * OVNIPv4JoinSubnet, OVNIPv4TransitSubnet, OVNIPv4MasqueradeSubnet), and those without host addresses (RFC 6890, section 2.2.2; RFC 5771,
 * multicast).
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
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map(parseCidr);

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
 * needs four rules in the control plane's security group, which has room for 60.
 */
export const MOST_MACHINE_RANGES = 5;

/** The CIDR blocks in a comma-separated text. */
export function rangesIn(text: string): string[] {
  return text.split(",").map((range) => range.trim());
}

/**
 * Checks the CIDR blocks of the instances in an existing VPC (openshift/installer, pkg/types/validation: machine networks must not
 * overlap).
 */
export function machineCidrProblem(text: string): ValueProblem | undefined {
  const ranges = rangesIn(text);
  for (const range of ranges) {
    const problem = cidrProblem(range);
    if (problem === undefined) continue;
    if (ranges.length === 1) return problem;
    const instead =
      problem.instead === undefined ? {} : { instead: ranges.map((each) => (each === range ? problem.instead : each)).join(",") };
    return { wrong: `has ${JSON.stringify(range)}, which ${problem.wrong}`, ...instead };
  }
  if (ranges.length > MOST_MACHINE_RANGES) return { wrong: `has ${ranges.length} CIDR blocks` };
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
      wrong: "has public addresses, whose owners on the internet the instances could not reach",
      allowed: `a CIDR block in ${PRIVATE.map(formatCidr).join(", ")}`,
    };
  }
  return prefixProblem(range, VPC_PREFIX, formatCidr({ first: range.first - (range.first % 2 ** 16), prefix: 16 }));
}

/** Checks the CIDR block of services. */
export function serviceCidrProblem(text: string): ValueProblem | undefined {
  return cidrProblem(text) ?? prefixProblem(parseCidr(text), SERVICE_PREFIX);
}

/** The CIDR blocks of instances, pods and services must not overlap each other or a reserved block. */
export const rangesDoNotOverlap = rule(
  ["vpcId", "vpcCidr", "machineCidr", "clusterNetworkCidr", "serviceNetworkCidr"],
  ({ vpcId, vpcCidr, machineCidr, clusterNetworkCidr, serviceNetworkCidr }) => {
    const machines =
      vpcId === "" ? [{ key: "vpcCidr", text: vpcCidr }] : rangesIn(machineCidr).map((range) => ({ key: "machineCidr", text: range }));
    const ranges = [
      ...machines,
      { key: "clusterNetworkCidr", text: clusterNetworkCidr },
      { key: "serviceNetworkCidr", text: serviceNetworkCidr },
    ]
      .filter(({ text }) => text !== "")
      .map(({ key, text }) => ({ key, text, range: parseCidr(text) }));
    return ranges.flatMap(({ key, range }, index): KeyProblem[] => [
      ...RESERVED.filter((reserved) => overlap(reserved.range, range)).map((reserved) => ({
        key,
        wrong: `overlaps ${formatCidr(reserved.range)}, ${reserved.why}`,
        allowed: `a CIDR block outside ${RESERVED.map(({ range: other }) => formatCidr(other)).join(", ")}`,
      })),
      ...ranges
        .slice(0, index)
        .filter((other) => other.key !== key && overlap(other.range, range))
        .map((other) => ({
          key,
          wrong: `overlaps ${other.key} (${other.text})`,
          allowed: "CIDR blocks of instances, pods and services that do not overlap",
        })),
    ]);
  },
);

/** Pods and services work with public addresses, but then nothing in the cluster can reach the owners of these addresses. */
export const podsAndServicesArePrivate = rule<"clusterNetworkCidr" | "serviceNetworkCidr", Warning>(
  ["clusterNetworkCidr", "serviceNetworkCidr"],
  (facts) =>
    (["clusterNetworkCidr", "serviceNetworkCidr"] as const)
      .filter((key) => !PRIVATE.some((block) => contains(block, parseCidr(facts[key]))))
      .map((key) => ({
        key,
        text: `${facts[key]} contains public addresses of the internet. Nothing in the cluster can reach their owners, and the CIDR block can't be changed later.`,
        fix: `choose a CIDR block in ${PRIVATE.map(formatCidr).join(", ")}`,
      })),
);

/** Every node needs a block of pod addresses. */
export const podRangeFitsNodes = rule(
  ["clusterNetworkCidr", "clusterNetworkHostPrefix", "masterCount", "workerCount", "infraCount"],
  ({ clusterNetworkCidr, clusterNetworkHostPrefix, masterCount, workerCount, infraCount }) => {
    const range = parseCidr(clusterNetworkCidr);
    const nodes = masterCount + workerCount + infraCount;
    if (clusterNetworkHostPrefix < range.prefix) {
      return [
        {
          key: "clusterNetworkHostPrefix",
          wrong: `is a larger block than the whole clusterNetworkCidr, ${clusterNetworkCidr}`,
          allowed: `at least ${range.prefix}`,
          fix: setCommand("clusterNetworkHostPrefix", Math.max(23, range.prefix)),
        },
      ];
    }
    const blocks = 2 ** (clusterNetworkHostPrefix - range.prefix);
    if (nodes <= blocks) return [];
    return [
      {
        key: "clusterNetworkCidr",
        wrong: `has /${clusterNetworkHostPrefix} blocks for only ${blocks} nodes, but there are ${nodes}`,
        allowed: "a block of clusterNetworkHostPrefix for every node; clusterNetworkCidr can't be changed after the installation",
        fix: `${setCommand("clusterNetworkCidr", "10.128.0.0/14")} with ${setCommand("clusterNetworkHostPrefix", 23)} holds 512 nodes`,
      },
    ];
  },
);

/** A new VPC's private subnets must have room for the instances of their zone, the endpoints and the load balancers. */
export const subnetsFitInstances = rule(
  ["vpcId", "vpcCidr", "zones", "masterCount", "workerCount", "infraCount", "vpcEndpoints"],
  ({ vpcId, vpcCidr, zones, masterCount, workerCount, infraCount, vpcEndpoints }) => {
    if (vpcId !== "" || zones.length === 0) return [];
    const vpc = parseCidr(vpcCidr);
    const usable = usableInSubnet({ first: vpc.first, prefix: vpc.prefix + SUBNET_BITS });
    // Each pool is spread starting with the first zone, which therefore has the most instances. A private cluster's bootstrap instance is
    // in a private subnet, too.
    const instances = [masterCount, workerCount, infraCount, 1].reduce((sum, count) => sum + Math.ceil(count / zones.length), 0);
    const needed = instances + vpcEndpoints.length + ADDRESSES_FOR_BALANCERS;
    if (needed <= usable) return [];
    const enough = [...Array(vpc.prefix - VPC_PREFIX.widest).keys()]
      .map((step) => vpc.prefix - 1 - step)
      .find((prefix) => usableInSubnet({ first: 0, prefix: prefix + SUBNET_BITS }) >= needed);
    return [
      {
        key: "vpcCidr",
        wrong: `gives each of the ${MOST_ZONES} private subnets ${usable} addresses, but instances, endpoints and load balancers need ${needed}`,
        allowed: "a CIDR block of which a sixteenth has room for one zone's instances",
        fix:
          enough === undefined
            ? "use more zones, or fewer workers"
            : setCommand("vpcCidr", formatCidr({ first: vpc.first - (vpc.first % 2 ** (32 - enough)), prefix: enough })),
      },
    ];
  },
);
