import { INSTANCE_TYPES } from "./instance-types";

/** The known properties of an EC2 instance type. */
export interface InstanceType {
  readonly name: string;
  /** In the installer's spelling: Graviton and NVIDIA Grace are `arm64`, all others `amd64`. */
  readonly architecture: "amd64" | "arm64";
  /** Undefined if it doesn't follow from the name: bare metal. */
  readonly vcpus?: number;
  /** GiB; undefined if it doesn't follow from the name. */
  readonly memoryGib?: number;
  /**
   * Whether the type is in the table of AWS's types (config/instance-types.ts). If not, the properties are derived from its name, and AWS
   * must confirm that it exists.
   */
  readonly isKnown: boolean;
}

/** vCPUs of the size xlarge; a larger size has a multiple of them. */
const XLARGE_VCPUS = 4;

/** vCPUs of the sizes below xlarge. */
const SMALL_SIZES = new Map([
  ["medium", 1],
  ["large", 2],
]);

/**
 * GiB of memory per vCPU by the first letter of the instance family: c (compute), m (general purpose), r (memory), and t (burstable; as m
 * from the size large on).
 */
const MEMORY_PER_VCPU = new Map([
  ["c", 2],
  ["m", 4],
  ["t", 4],
  ["r", 8],
]);

/**
 * Names such as `m6i.xlarge`, `m7i-flex.large`, `u7i-12tb.224xlarge`, `c8g.metal-24xl`; and the older `u-6tb1.112xlarge`, whose name starts
 * with its memory.
 */
const SHAPE =
  /^(?:(?<letters>[a-z]{1,5})(?<generation>\d{1,2})(?<attributes>[a-z]{0,4})(?:-(?<variant>[a-z0-9]{1,8}))?|u-\d{1,2}tb\d)\.(?<size>nano|micro|small|medium|large|(?<multiple>\d{0,3})xlarge|metal(?:-\d{1,3}xl)?)$/;

/**
 * Properties of a type such as `m6i.xlarge`; undefined if the text is not the name of a type. Also undefined for a Mac, which can't run
 * Linux.
 */
export function parseInstanceType(name: string): InstanceType | undefined {
  const known = INSTANCE_TYPES.get(name);
  return known ? { name, ...known, isKnown: true } : instanceTypeFromName(name);
}

/**
 * Derives the properties of a type from its name, by AWS's naming rules for newer families (EC2 user guide, "Amazon EC2 instance type
 * naming conventions").
 */
export function instanceTypeFromName(name: string): InstanceType | undefined {
  const match = SHAPE.exec(name);
  const { letters = "", attributes = "", variant = "", size = "", multiple = "" } = match?.groups ?? {};
  if (match === null || letters === "mac") return undefined;
  const vcpus = size.endsWith("xlarge") ? XLARGE_VCPUS * Number(multiple || 1) : SMALL_SIZES.get(size);
  const ratio = MEMORY_PER_VCPU.get(letters);
  return {
    name,
    // The letter g after the generation means Graviton (m6g, c7gn, im4gn); a1 is the first Graviton family. Grace is a variant: p6e-gb200.
    architecture: letters === "a" || attributes.includes("g") || variant.startsWith("gb") ? "arm64" : "amd64",
    ...(vcpus === undefined ? {} : { vcpus }),
    ...(vcpus === undefined || ratio === undefined ? {} : { memoryGib: vcpus * ratio }),
    isKnown: false,
  };
}
