import { contains, type Cidr, enclosingCidr, formatCidr, overlap, parseCidr, usableInSubnet } from "../cidr";
import { type Finding, type Flaw, setCommand } from "../finding";
import { rule } from "../rule";
import type { Warning } from "../warning";
import { MOST_ZONES, SUBNET_BITS, VPC_PREFIX } from "../subnets";

/**
 * Ranges that no machine, pod or service can have: those that every node uses (openshift/installer, pkg/validate: OVNIPv4JoinSubnet, OVNIPv4TransitSubnet,
 * OVNIPv4MasqueradeSubnet), and those that are no addresses of one host (RFC 6890, section 2.2.2; RFC 5771, multicast).
 */
export const TAKEN: readonly { readonly range: Cidr; readonly why: string }[] = [
  { range: parseCidr("100.64.0.0/16"), why: "which every node uses for OVN-Kubernetes, to join its routers" },
  { range: parseCidr("100.88.0.0/16"), why: "which every node uses for OVN-Kubernetes, between its zones" },
  // The masquerade range 169.254.0.0/17 and AWS's metadata service 169.254.169.254 are both in it.
  { range: parseCidr("169.254.0.0/16"), why: "which every node uses for link-local addresses: AWS's metadata service and OVN-Kubernetes" },
  { range: parseCidr("0.0.0.0/8"), why: 'whose addresses mean "this network"' },
  { range: parseCidr("127.0.0.0/8"), why: "with which every machine means itself" },
  { range: parseCidr("224.0.0.0/4"), why: "whose addresses are for multicast" },
  { range: parseCidr("240.0.0.0/4"), why: "whose addresses are reserved, and no machine takes them" },
];

/** RFC 1918 and the shared range of RFC 6598: what AWS recommends for a VPC (VPC user guide, "VPC CIDR blocks"). */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map(parseCidr);

/** The widest service range that Kubernetes takes (pkg/validate, ServiceSubnetCIDR); a /24 holds the platform's own services and a few more. */
const SERVICE_PREFIX = { widest: 12, narrowest: 24 } as const;

/** A load balancer wants eight free addresses in a subnet (ELB user guide, "Availability Zones"). */
export const ADDRESSES_FOR_BALANCERS = 8;

function prefixFlaw(range: Cidr, limits: { readonly widest: number; readonly narrowest: number }, instead?: string): Flaw | undefined {
  if (range.prefix >= limits.widest && range.prefix <= limits.narrowest) return undefined;
  return {
    wrong: range.prefix < limits.widest ? "is too large" : "is too small",
    allowed: `a prefix from /${limits.widest} to /${limits.narrowest}`,
    ...(instead === undefined ? {} : { instead }),
  };
}

/** Whether a text is an IPv4 range in canonical form. */
export function cidrFlaw(text: string): Flaw | undefined {
  try {
    const canonical = formatCidr(enclosingCidr(text));
    return canonical === text ? undefined : { wrong: `has bits set after its prefix; the range is ${canonical}`, instead: canonical };
  } catch (error) {
    return { wrong: (error as RangeError).message };
  }
}

/**
 * The most ranges of machines, as many as a VPC has without a raised quota (Amazon VPC quotas, "IPv4 CIDR blocks per VPC"). Each takes four rules
 * of the masters' security group, which has room for 60.
 */
export const MOST_MACHINE_RANGES = 5;

/** The ranges in a text with commas between. */
export function rangesIn(text: string): string[] {
  return text.split(",").map((range) => range.trim());
}

/** Whether a text is the ranges of an existing VPC's machines (openshift/installer, pkg/types/validation: machine networks must not overlap). */
export function machineCidrFlaw(text: string): Flaw | undefined {
  const ranges = rangesIn(text);
  for (const range of ranges) {
    const flaw = cidrFlaw(range);
    if (flaw === undefined) continue;
    if (ranges.length === 1) return flaw;
    const instead = flaw.instead === undefined ? {} : { instead: ranges.map((each) => (each === range ? flaw.instead : each)).join(",") };
    return { wrong: `has ${JSON.stringify(range)}, which ${flaw.wrong}`, ...instead };
  }
  if (ranges.length > MOST_MACHINE_RANGES) return { wrong: `has ${ranges.length} ranges` };
  const twice = ranges.find((range, index) => ranges.slice(0, index).some((other) => overlap(parseCidr(other), parseCidr(range))));
  return twice === undefined ? undefined : { wrong: `has ${twice} and another range that share addresses` };
}

/** Whether a text is a range for a new VPC. */
export function vpcCidrFlaw(text: string): Flaw | undefined {
  const flaw = cidrFlaw(text);
  if (flaw) return flaw;
  const range = parseCidr(text);
  if (!PRIVATE.some((block) => contains(block, range))) {
    return {
      wrong: "has public addresses: machines could not reach their true owners",
      allowed: `a range in ${PRIVATE.map(formatCidr).join(", ")}`,
    };
  }
  return prefixFlaw(range, VPC_PREFIX, formatCidr({ first: range.first - (range.first % 2 ** 16), prefix: 16 }));
}

/** Whether a text is a range for services. */
export function serviceCidrFlaw(text: string): Flaw | undefined {
  return cidrFlaw(text) ?? prefixFlaw(parseCidr(text), SERVICE_PREFIX);
}

/** The ranges of machines, pods and services lie apart from each other and from those that are taken. */
export const rangesLieApart = rule(
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
    return ranges.flatMap(({ key, range }, index): Finding[] => [
      ...TAKEN.filter((taken) => overlap(taken.range, range)).map((taken) => ({
        key,
        wrong: `overlaps ${formatCidr(taken.range)}, ${taken.why}`,
        allowed: `a range outside ${TAKEN.map(({ range: other }) => formatCidr(other)).join(", ")}`,
      })),
      ...ranges
        .slice(0, index)
        .filter((other) => other.key !== key && overlap(other.range, range))
        .map((other) => ({
          key,
          wrong: `overlaps ${other.key} (${other.text})`,
          allowed: "ranges of machines, pods and services that share no address",
        })),
    ]);
  },
);

/** Pods and services work with addresses of the internet, but nothing in the cluster then reaches the addresses' owners. */
export const podsAndServicesArePrivate = rule<"clusterNetworkCidr" | "serviceNetworkCidr", Warning>(
  ["clusterNetworkCidr", "serviceNetworkCidr"],
  (facts) =>
    (["clusterNetworkCidr", "serviceNetworkCidr"] as const)
      .filter((key) => !PRIVATE.some((block) => contains(block, parseCidr(facts[key]))))
      .map((key) => ({
        key,
        text: `${facts[key]} has addresses of the internet. Nothing in the cluster can reach their owners, and the range can't be changed later.`,
        fix: `choose a range in ${PRIVATE.map(formatCidr).join(", ")}`,
      })),
);

/** Every node gets a block of pod addresses. */
export const podRangeFitsNodes = rule(
  ["clusterNetworkCidr", "clusterNetworkHostPrefix", "masterCount", "workerCount", "infraCount"],
  ({ clusterNetworkCidr, clusterNetworkHostPrefix, masterCount, workerCount, infraCount }) => {
    const range = parseCidr(clusterNetworkCidr);
    const nodes = masterCount + workerCount + infraCount;
    if (clusterNetworkHostPrefix < range.prefix) {
      return [
        {
          key: "clusterNetworkHostPrefix",
          wrong: `is a larger block than the whole range of pods, ${clusterNetworkCidr}`,
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
        wrong: `has blocks of length /${clusterNetworkHostPrefix} for ${blocks} nodes only, but there are ${nodes}`,
        allowed: "a block of clusterNetworkHostPrefix for every node; the range can't be changed after the installation",
        fix: `${setCommand("clusterNetworkCidr", "10.128.0.0/14")} with ${setCommand("clusterNetworkHostPrefix", 23)} holds 512 nodes`,
      },
    ];
  },
);

/** A new VPC's private subnets hold the machines of their zone, the endpoints and the balancers. */
export const subnetsFitMachines = rule(
  ["vpcId", "vpcCidr", "zones", "masterCount", "workerCount", "infraCount", "vpcEndpoints"],
  ({ vpcId, vpcCidr, zones, masterCount, workerCount, infraCount, vpcEndpoints }) => {
    if (vpcId !== "" || zones.length === 0) return [];
    const vpc = parseCidr(vpcCidr);
    const usable = usableInSubnet({ first: vpc.first, prefix: vpc.prefix + SUBNET_BITS });
    // Each pool is spread from the first zone on, which therefore has the most; the bootstrap machine of a private cluster is in a private subnet too.
    const machines = [masterCount, workerCount, infraCount, 1].reduce((sum, count) => sum + Math.ceil(count / zones.length), 0);
    const needed = machines + vpcEndpoints.length + ADDRESSES_FOR_BALANCERS;
    if (needed <= usable) return [];
    const enough = [...Array(vpc.prefix - VPC_PREFIX.widest).keys()]
      .map((step) => vpc.prefix - 1 - step)
      .find((prefix) => usableInSubnet({ first: 0, prefix: prefix + SUBNET_BITS }) >= needed);
    return [
      {
        key: "vpcCidr",
        wrong: `gives each of the ${MOST_ZONES} private subnets ${usable} addresses, but ${needed} are needed for machines, endpoints and load balancers`,
        allowed: "a range whose sixteenth holds one zone's machines",
        fix:
          enough === undefined
            ? "use more zones, or fewer workers"
            : setCommand("vpcCidr", formatCidr({ first: vpc.first - (vpc.first % 2 ** (32 - enough)), prefix: enough })),
      },
    ];
  },
);
