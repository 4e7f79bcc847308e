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

/** vCPUs of the sizes that are no multiple of xlarge (docs.aws.amazon.com/ec2/latest/instancetypes). */
const SMALL_SIZES = new Map([
  ["nano", 1],
  ["micro", 1],
  ["small", 1],
  ["medium", 1],
  ["large", 2],
]);

/** vCPUs of an xlarge; the larger ones are named by their multiple of it. */
const XLARGE_VCPUS = 4;

/** GiB of memory per vCPU by the family's letter: c computes, m is general, t is burstable (from large upwards like m), r has memory. */
const MEMORY_PER_VCPU = new Map([
  ["c", 2],
  ["m", 4],
  ["t", 4],
  ["r", 8],
]);

const SHAPE =
  /^(?<letters>[a-z]+)(?<generation>\d+)(?<attributes>[a-z]*)(?:-[a-z0-9]+)?\.(?<size>nano|micro|small|medium|large|(?<multiple>\d*)xlarge|metal(?:-\d+xl)?)$/;

/** Reads a name such as `m6i.xlarge`; undefined when it is none, or a Mac, which runs no Linux. */
export function parseInstanceType(name: string): InstanceType | undefined {
  const { letters = "", attributes = "", size = "", multiple = "" } = SHAPE.exec(name)?.groups ?? {};
  if (letters === "" || letters === "mac") return undefined;
  const vcpus = size.endsWith("xlarge") ? XLARGE_VCPUS * Number(multiple || 1) : SMALL_SIZES.get(size);
  const ratio = MEMORY_PER_VCPU.get(letters);
  return {
    name,
    // The letter g after the generation means AWS Graviton (m6g, c7gn, im4gn, is4gen); a1 is the first of them and has none.
    architecture: letters === "a" || attributes.includes("g") ? "arm64" : "amd64",
    ...(vcpus === undefined ? {} : { vcpus }),
    ...(vcpus === undefined || ratio === undefined ? {} : { memoryGib: vcpus * ratio }),
  };
}
