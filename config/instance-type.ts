import { INSTANCE_TYPES } from "./instance-types";

/** What is known of an EC2 instance type. */
export interface InstanceType {
  readonly name: string;
  /** The installer's spelling: AWS's own processors and NVIDIA's Grace are `arm64`, all others `amd64`. */
  readonly architecture: "amd64" | "arm64";
  /** Undefined where the name doesn't tell: bare metal. */
  readonly vcpus?: number;
  /** GiB; undefined where the name doesn't tell. */
  readonly memoryGib?: number;
  /** Whether AWS is known to have the type (config/instance-types.ts); otherwise what is here follows from its name, and AWS is to be asked. */
  readonly isKnown: boolean;
}

/** vCPUs of an xlarge; the larger ones are named by their multiple of it. */
const XLARGE_VCPUS = 4;

/** vCPUs of the sizes that are no multiple of xlarge. */
const SMALL_SIZES = new Map([
  ["medium", 1],
  ["large", 2],
]);

/** GiB of memory per vCPU by the family's letter: c computes, m is general, t is burstable (from large upwards like m), r has memory. */
const MEMORY_PER_VCPU = new Map([
  ["c", 2],
  ["m", 4],
  ["t", 4],
  ["r", 8],
]);

/** `m6i.xlarge`, `m7i-flex.large`, `u7i-12tb.224xlarge`, `c8g.metal-24xl`; and the older `u-6tb1.112xlarge`, which is named by its memory first. */
const SHAPE =
  /^(?:(?<letters>[a-z]{1,5})(?<generation>\d{1,2})(?<attributes>[a-z]{0,4})(?:-(?<variant>[a-z0-9]{1,8}))?|u-\d{1,2}tb\d)\.(?<size>nano|micro|small|medium|large|(?<multiple>\d{0,3})xlarge|metal(?:-\d{1,3}xl)?)$/;

/** What is known of a type such as `m6i.xlarge`; undefined when a text is no type's name, or a Mac's, which runs no Linux. */
export function parseInstanceType(name: string): InstanceType | undefined {
  const known = INSTANCE_TYPES.get(name);
  return known ? { name, ...known, isKnown: true } : fromName(name);
}

/** What the name of a type tells, by the rules that AWS names its newer families by (EC2 user guide, "Amazon EC2 instance type naming conventions"). */
export function fromName(name: string): InstanceType | undefined {
  const match = SHAPE.exec(name);
  const { letters = "", attributes = "", variant = "", size = "", multiple = "" } = match?.groups ?? {};
  if (match === null || letters === "mac") return undefined;
  const vcpus = size.endsWith("xlarge") ? XLARGE_VCPUS * Number(multiple || 1) : SMALL_SIZES.get(size);
  const ratio = MEMORY_PER_VCPU.get(letters);
  return {
    name,
    // The letter g after the generation is for Graviton (m6g, c7gn, im4gn); a1 is the first of them. Grace is a variant: p6e-gb200.
    architecture: letters === "a" || attributes.includes("g") || variant.startsWith("gb") ? "arm64" : "amd64",
    ...(vcpus === undefined ? {} : { vcpus }),
    ...(vcpus === undefined || ratio === undefined ? {} : { memoryGib: vcpus * ratio }),
    isKnown: false,
  };
}
