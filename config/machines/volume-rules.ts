import { type KeyProblem, setCommand } from "../finding";
import { type Facts, type Rule, rule } from "../rule";
import { BASE_IOPS, BASE_THROUGHPUT, LEAST_NODE_DISK, MOST_GP3_IOPS } from "./fields";

interface Limits {
  readonly sizeGib: readonly [least: number, most: number];
  readonly iops: readonly [least: number, most: number];
  readonly iopsPerGib: number;
}

/**
 * AWS's limits by volume type: EBS user guide, "Provisioned IOPS SSD volumes" for io1 and io2; for gp3 "General Purpose SSD volumes" as
 * raised in September 2025 to 64 TiB, 80,000 IOPS and 2,000 MiB/s.
 */
const LIMITS: Readonly<Record<Facts["masterVolumeType"], Limits>> = {
  gp3: { sizeGib: [1, 65_536], iops: [3_000, MOST_GP3_IOPS], iopsPerGib: 500 },
  io1: { sizeGib: [4, 16_384], iops: [100, 64_000], iopsPerGib: 50 },
  io2: { sizeGib: [4, 65_536], iops: [100, 256_000], iopsPerGib: 1_000 },
};

/** Maximum MiB/s of a gp3 volume per provisioned IOPS. */
const GP3_THROUGHPUT_PER_IOPS = 0.25;

/** Minimum sequential IOPS for etcd's writes (OpenShift issue tracker and documentation, "Recommended etcd practices"). */
const ETCD_IOPS = 2_000;

/** The rule for the volumes of one pool; a pool without instances is not checked. */
function volumeRule(pool: "master" | "worker" | "infra"): Rule {
  const count = `${pool}Count` as const;
  const size = `${pool}VolumeSize` as const;
  const type = `${pool}VolumeType` as const;
  const iops = `${pool}VolumeIops` as const;
  const throughput = `${pool}VolumeThroughput` as const;
  return rule([count, size, type, iops, throughput], (facts) => {
    if (facts[count] === 0) return [];
    const limits = LIMITS[facts[type]];
    const problems: KeyProblem[] = [];
    const [leastIops, mostIops] = limits.iops;
    const largest = limits.sizeGib[1];
    if (facts[size] > largest) {
      problems.push({
        key: size,
        wrong: `is more than the maximum size of ${facts[type]} volumes`,
        allowed: `${LEAST_NODE_DISK} to ${largest} GiB`,
        fix: setCommand(size, largest),
      });
    }
    if (facts[iops] < leastIops || facts[iops] > mostIops) {
      problems.push({
        key: iops,
        wrong: `is ${facts[iops] < leastIops ? "less than the minimum" : "more than the maximum"} of ${facts[type]} volumes`,
        allowed: `${leastIops} to ${mostIops} for ${facts[type]}`,
        fix: setCommand(iops, facts[iops] < leastIops ? leastIops : mostIops),
      });
    } else if (facts[iops] > facts[size] * limits.iopsPerGib) {
      problems.push({
        key: iops,
        wrong: `is more than the maximum of a ${facts[type]} volume of ${facts[size]} GiB`,
        allowed: `at most ${limits.iopsPerGib} per GiB, here ${facts[size] * limits.iopsPerGib}`,
        fix: `${setCommand(iops, facts[size] * limits.iopsPerGib)}, or ${setCommand(size, Math.ceil(facts[iops] / limits.iopsPerGib))}`,
      });
    } else if (pool === "master" && facts[iops] < ETCD_IOPS) {
      problems.push({
        key: iops,
        wrong: "is too slow for etcd, which would lose its leader again and again",
        allowed: `at least ${ETCD_IOPS} for the control plane`,
        fix: setCommand(iops, BASE_IOPS),
      });
    }
    if (facts[type] !== "gp3" && facts[throughput] !== BASE_THROUGHPUT) {
      problems.push({
        key: throughput,
        wrong: `is set, but ${facts[type]} volumes have no such setting`,
        allowed: "only with gp3 volumes",
        fix: `pulumi config rm ${throughput}, or ${setCommand(type, "gp3")}`,
      });
    } else if (facts[type] === "gp3" && facts[throughput] > facts[iops] * GP3_THROUGHPUT_PER_IOPS) {
      const needed = Math.ceil(facts[throughput] / GP3_THROUGHPUT_PER_IOPS);
      problems.push({
        key: throughput,
        wrong: `is more than ${facts[iops]} IOPS allow`,
        allowed: `at most ${GP3_THROUGHPUT_PER_IOPS} MiB/s per IOPS, here ${Math.floor(facts[iops] * GP3_THROUGHPUT_PER_IOPS)}`,
        fix: `${setCommand(iops, needed)}, or ${setCommand(throughput, Math.floor(facts[iops] * GP3_THROUGHPUT_PER_IOPS))}`,
      });
    }
    return problems;
  });
}

export const volumesAreWithinLimits: readonly Rule[] = [volumeRule("master"), volumeRule("worker"), volumeRule("infra")];
