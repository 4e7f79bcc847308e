import { contains, formatCidr, overlap, parseCidr, usableInSubnet } from "../cidr";
import { type KeyProblem, setCommand } from "../problem";
import { rule } from "../rule";
import type { Warning } from "../warning";
import { ADDRESSES_FOR_BALANCERS, PRIVATE, cidrBlocksIn, RESERVED } from "./fields";
import { MAX_ZONES, SUBNET_BITS, VPC_PREFIX } from "./subnets";

/** The CIDR blocks of instances, pods and services must not overlap each other or a reserved block. */
export const rangesDoNotOverlap = rule(
  ["vpcId", "vpcCidr", "machineCidr", "clusterNetworkCidr", "serviceNetworkCidr"],
  ({ vpcId, vpcCidr, machineCidr, clusterNetworkCidr, serviceNetworkCidr }) => {
    const machines =
      vpcId === "" ? [{ key: "vpcCidr", text: vpcCidr }] : cidrBlocksIn(machineCidr).map((range) => ({ key: "machineCidr", text: range }));
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
        wrong: `gives each of the ${MAX_ZONES} private subnets ${usable} addresses, but instances, endpoints and load balancers need ${needed}`,
        allowed:
          "a larger CIDR block: each private subnet is a sixteenth of it, and needs addresses for the instances of one zone, the endpoints and the load balancers",
        fix:
          enough === undefined
            ? "use more zones, or fewer workers"
            : setCommand("vpcCidr", formatCidr({ first: vpc.first - (vpc.first % 2 ** (32 - enough)), prefix: enough })),
      },
    ];
  },
);
