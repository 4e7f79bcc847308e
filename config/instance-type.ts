/** What the name of an EC2 instance type tells. */
export interface InstanceType {
  readonly name: string;
  /** The installer's spelling: Graviton machines are `arm64`, all others `amd64`. */
  readonly architecture: "amd64" | "arm64";
  /** Undefined where the name doesn't tell: bare metal, and types named by their memory. */
  readonly vcpus?: number;
  /** GiB; undefined where the family's ratio isn't fixed. */
  readonly memoryGib?: number;
}

/** vCPUs of an xlarge; the larger ones are named by their multiple of it. */
const XLARGE_VCPUS = 4;

/** vCPUs of the sizes that are no multiple of xlarge. */
const SMALL_SIZES = new Map([
  ["medium", 1],
  ["large", 2],
]);

/**
 * GiB of memory per vCPU, by family, or by the letters that the families of a purpose begin with: c computes, m is general, t is burstable (from large upwards like m),
 * r has memory. Older families have odd numbers. Families that are not here have 16 GiB and more in every size.
 */
const MEMORY_PER_VCPU = new Map([
  ["c", 2],
  ["m", 4],
  ["t", 4],
  ["r", 8],
  ["a1", 2],
  ["c3", 1.875],
  ["c4", 1.875],
  ["c5n", 2.625],
  ["g5g", 2],
  ["g6f", 4],
  ["i3", 7.625],
  ["im4gn", 4],
  ["inf1", 2],
  ["is4gen", 6],
  ["m1", 3.75],
  ["m3", 3.75],
  ["r3", 7.625],
  ["r4", 7.625],
]);

/** Types that no rule fits: vCPUs and GiB. */
const ODD_TYPES = new Map([
  ...["t3", "t3a", "t4g"].flatMap((family) => [
    [`${family}.nano`, { vcpus: 2, memoryGib: 0.5 }] as const,
    [`${family}.micro`, { vcpus: 2, memoryGib: 1 }] as const,
    [`${family}.small`, { vcpus: 2, memoryGib: 2 }] as const,
    [`${family}.medium`, { vcpus: 2, memoryGib: 4 }] as const,
  ]),
  ["t1.micro", { vcpus: 1, memoryGib: 0.6 }],
  ["t2.nano", { vcpus: 1, memoryGib: 0.5 }],
  ["t2.micro", { vcpus: 1, memoryGib: 1 }],
  ["t2.small", { vcpus: 1, memoryGib: 2 }],
  ["t2.medium", { vcpus: 2, memoryGib: 4 }],
  ["m1.small", { vcpus: 1, memoryGib: 1.7 }],
  ["m2.xlarge", { vcpus: 2, memoryGib: 17.1 }],
  ["m2.2xlarge", { vcpus: 4, memoryGib: 34.2 }],
  ["m2.4xlarge", { vcpus: 8, memoryGib: 68.4 }],
  ["c1.medium", { vcpus: 2, memoryGib: 1.7 }],
  ["c1.xlarge", { vcpus: 8, memoryGib: 7 }],
  ["c4.8xlarge", { vcpus: 36, memoryGib: 60 }],
  ["d2.8xlarge", { vcpus: 36, memoryGib: 244 }],
]);

/** `m6i.xlarge`, `m7i-flex.large`, `u7i-12tb.224xlarge`, `c8g.metal-24xl`; and the older `u-6tb1.112xlarge`, which is named by its memory first. */
const SHAPE =
  /^(?<family>(?:(?<letters>[a-z]{1,5})(?<generation>\d{1,2})(?<attributes>[a-z]{0,4})(?:-(?<variant>[a-z0-9]{1,8}))?|u-\d{1,2}tb\d))\.(?<size>nano|micro|small|medium|large|(?<multiple>\d{0,3})xlarge|metal(?:-\d{1,3}xl)?)$/;

/**
 * Reads a name such as `m6i.xlarge`; undefined when it is none, or a Mac, which runs no Linux. What it tells holds for the 1,100 types of
 * kubernetes/autoscaler's list of January 2026 (`cluster-autoscaler/cloudprovider/aws/ec2_instance_types.go`).
 */
export function parseInstanceType(name: string): InstanceType | undefined {
  const { family = "", letters = "", attributes = "", variant = "", size = "", multiple = "" } = SHAPE.exec(name)?.groups ?? {};
  if (family === "" || letters === "mac") return undefined;
  const odd = ODD_TYPES.get(name);
  const vcpus = odd?.vcpus ?? (size.endsWith("xlarge") ? XLARGE_VCPUS * Number(multiple || 1) : SMALL_SIZES.get(size));
  const ratio = MEMORY_PER_VCPU.get(family) ?? MEMORY_PER_VCPU.get(letters);
  const memoryGib = odd?.memoryGib ?? (vcpus === undefined || ratio === undefined ? undefined : vcpus * ratio);
  return {
    name,
    // AWS's own processors: the letter g after the generation (m6g, c7gn, im4gn, is4gen), and a1, the first of them. NVIDIA's Grace: p6e-gb200.
    architecture: letters === "a" || attributes.includes("g") || variant.startsWith("gb") ? "arm64" : "amd64",
    ...(vcpus === undefined ? {} : { vcpus }),
    ...(memoryGib === undefined ? {} : { memoryGib }),
  };
}
