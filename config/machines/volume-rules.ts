import { type KeyProblem, setCommand } from "../problem";
import { type Facts, type Rule, rule } from "../rule";
import { BASE_IOPS, BASE_THROUGHPUT, MIN_NODE_DISK, MAX_GP3_IOPS } from "./fields";

interface Limits {
  readonly sizeGib: readonly [min: number, max: number];
  readonly iops: readonly [min: number, max: number];
  readonly iopsPerGib: number;
}

/**
 * AWS's limits by volume type: EBS user guide, "Provisioned IOPS SSD volumes" for io1 and io2; for gp3 "General Purpose SSD volumes" as
 * raised in September 2025 to 64 TiB, 80,000 IOPS and 2,000 MiB/s.
 */
const LIMITS: Readonly<Record<Facts["masterVolumeType"], Limits>> = {
  gp3: { sizeGib: [1, 65_536], iops: [3_000, MAX_GP3_IOPS], iopsPerGib: 500 },
  io1: { sizeGib: [4, 16_384], iops: [100, 64_000], iopsPerGib: 50 },
  io2: { sizeGib: [4, 65_536], iops: [100, 256_000], iopsPerGib: 1_000 },
};

/** Maximum MiB/s of a gp3 volume per provisioned IOPS. */
const GP3_THROUGHPUT_PER_IOPS = 0.25;

/** Minimum sequential IOPS for etcd's writes (OpenShift issue tracker and documentation, "Recommended etcd practices"). */
const ETCD_IOPS = 2_000;

type Pool = "master" | "worker" | "infra";
type VolumeKeys = ReturnType<typeof keysOf<Pool>>;

/** The root volumes of a pool. */
interface Volume {
  readonly size: number;
  readonly type: keyof typeof LIMITS;
  readonly iops: number;
  readonly throughput: number;
}

/** The rule for the volumes of one pool; a pool without instances is not checked. */
function volumeRule(pool: Pool): Rule {
  const keys = keysOf(pool);
  return rule([keys.count, keys.size, keys.type, keys.iops, keys.throughput], (facts) => {
    if (facts[keys.count] === 0) return [];
    const volume: Volume = {
      size: facts[keys.size],
      type: facts[keys.type],
      iops: facts[keys.iops],
      throughput: facts[keys.throughput],
    };
    const etcd = pool === "master";
    return [sizeProblem(volume, keys), iopsProblem(volume, keys, etcd), throughputProblem(volume, keys)].filter(
      (problem) => problem !== undefined,
    );
  });
}

function keysOf<P extends Pool>(pool: P) {
  return {
    count: `${pool}Count`,
    size: `${pool}VolumeSize`,
    type: `${pool}VolumeType`,
    iops: `${pool}VolumeIops`,
    throughput: `${pool}VolumeThroughput`,
  } as const;
}

function sizeProblem({ size, type }: Volume, keys: VolumeKeys): KeyProblem | undefined {
  const largest = LIMITS[type].sizeGib[1];
  if (size <= largest) return undefined;
  return {
    key: keys.size,
    wrong: `is more than the maximum size of ${type} volumes`,
    allowed: `${MIN_NODE_DISK} to ${largest} GiB`,
    fix: setCommand(keys.size, largest),
  };
}

function iopsProblem({ size, type, iops }: Volume, keys: VolumeKeys, etcd: boolean): KeyProblem | undefined {
  const {
    iops: [min, max],
    iopsPerGib,
  } = LIMITS[type];
  if (iops < min || iops > max)
    return {
      key: keys.iops,
      wrong: `is ${iops < min ? "less than the minimum" : "more than the maximum"} of ${type} volumes`,
      allowed: `${min} to ${max} for ${type}`,
      fix: setCommand(keys.iops, iops < min ? min : max),
    };
  if (iops > size * iopsPerGib)
    return {
      key: keys.iops,
      wrong: `is more than the maximum of a ${type} volume of ${size} GiB`,
      allowed: `at most ${iopsPerGib} per GiB, here ${size * iopsPerGib}`,
      fix: `${setCommand(keys.iops, size * iopsPerGib)}, or ${setCommand(keys.size, Math.ceil(iops / iopsPerGib))}`,
    };
  if (etcd && iops < ETCD_IOPS)
    return {
      key: keys.iops,
      wrong: "is too slow for etcd, which would lose its leader again and again",
      allowed: `at least ${ETCD_IOPS} for the control plane`,
      fix: setCommand(keys.iops, BASE_IOPS),
    };
  return undefined;
}

function throughputProblem({ type, iops, throughput }: Volume, keys: VolumeKeys): KeyProblem | undefined {
  if (type !== "gp3") {
    if (throughput === BASE_THROUGHPUT) return undefined;
    return {
      key: keys.throughput,
      wrong: `is set, but ${type} volumes have no such setting`,
      allowed: "only with gp3 volumes",
      fix: `pulumi config rm ${keys.throughput}, or ${setCommand(keys.type, "gp3")}`,
    };
  }
  const max = iops * GP3_THROUGHPUT_PER_IOPS;
  if (throughput <= max) return undefined;
  return {
    key: keys.throughput,
    wrong: `is more than ${iops} IOPS allow`,
    allowed: `at most ${GP3_THROUGHPUT_PER_IOPS} MiB/s per IOPS, here ${Math.floor(max)}`,
    fix: `${setCommand(keys.iops, Math.ceil(throughput / GP3_THROUGHPUT_PER_IOPS))}, or ${setCommand(keys.throughput, Math.floor(max))}`,
  };
}

export const volumesAreWithinLimits: readonly Rule[] = [volumeRule("master"), volumeRule("worker"), volumeRule("infra")];
