import * as aws from "@pulumi/aws";
import type { Configuration } from "../../config/configuration";
import type { ConfigurationProblem } from "../../config/configuration-error";
import { removeCommand, setCommand } from "../../config/problem";
import { parseInstanceType } from "../../config/instance-type";
import { MIN_HOST_SIZE as HOST_NEEDS } from "../../config/installer-host/fields";
import { MASTER_NEEDS, SINGLE_NODE_NEEDS, tooSmall, WORKER_NEEDS } from "../../config/machines/fields";

interface TypeUse {
  readonly key: string;
  readonly type: string;
  readonly needs: typeof MASTER_NEEDS;
  readonly role: string;
  /** Number of instances. */
  readonly count: number;
}

/** Availability zones that offer an instance type, by type. */
export type ZonesByInstanceType = ReadonlyMap<string, readonly string[]>;

/** Asks AWS which of the region's availability zones offer the configured instance types. */
export async function findOffers(configuration: Configuration): Promise<ZonesByInstanceType> {
  const values = [...new Set(typeUses(configuration).map(({ type }) => type))];
  const filters = [{ name: "instance-type", values }];
  const { instanceTypes, locations } = await aws.ec2.getInstanceTypeOfferings({ locationType: "availability-zone", filters });
  return new Map(values.map((type) => [type, locations.filter((_, index) => instanceTypes[index] === type)]));
}

/**
 * Problems of instances in zones that do not offer their type. RunInstances refuses them with `Unsupported`; for workers that happens only
 * after the control plane is running.
 * @param zones the cluster's zones, in order: the instances of a pool are distributed over them in turn.
 * @param available the region's availability zones. Zones of the cluster that are not among these are skipped: the network preflight reports
 *   them.
 */
export function typeNotOfferedProblems(
  configuration: Configuration,
  offers: ZonesByInstanceType,
  zones: readonly string[],
  available: readonly string[],
): ConfigurationProblem[] {
  return typeUses(configuration).flatMap(({ key, type, count, needs }) => {
    const offered = offers.get(type) ?? [];
    // instanceTypeProblems reports a type that no zone of the region offers and that config/instance-types.ts does not know.
    if (offered.length === 0 && parseInstanceType(type)?.isKnown === false) return [];
    const missing = zones.slice(0, count).filter((zone) => available.includes(zone) && !offered.includes(zone));
    if (missing.length === 0) return [];
    const there = offered.length === 0 ? `no zone of ${configuration.region}` : offered.join(", ");
    return [
      {
        key,
        wrong: `is not offered in ${missing.join(", ")}, where instances of this type would run`,
        value: type,
        allowed: `a type that every zone in use offers; AWS offers this one in ${there}`,
        fix: `choose another type (${setCommand(key, needs.example)}) or other zones; aws ec2 describe-instance-type-offerings --location-type availability-zone --filters Name=location,Values=${missing[0] ?? ""} lists a zone's types`,
      },
    ];
  });
}

/**
 * Asks AWS about the configured instance types that config/instance-types.ts does not know: whether the region offers them, their
 * architecture, and whether they are large enough. Known types are not looked up.
 */
export async function instanceTypeProblems(configuration: Configuration): Promise<ConfigurationProblem[]> {
  const uses = typeUses(configuration).filter(({ type }) => parseInstanceType(type)?.isKnown === false);
  const types = [...new Set(uses.map(({ type }) => type))];
  const answers = new Map(await Promise.all(types.map(async (type) => [type, await describeType(type)] as const)));
  return uses.flatMap(({ key, type, needs, role }) => {
    const answer = answers.get(type);
    const value = { value: type };
    if (answer === undefined) {
      const allowed = `an instance type that ${configuration.region} offers (aws ec2 describe-instance-type-offerings)`;
      const fix = key === "bootstrapInstanceType" ? removeCommand(key) : setCommand(key, needs.example);
      return [{ ...value, key, wrong: `is not an instance type that AWS offers in ${configuration.region}`, allowed, fix }];
    }
    if (!answer.architectures.includes(configuration.architecture)) {
      const [architecture] = answer.architectures;
      const wrong = `is ${architecture}, but the cluster's nodes are ${configuration.architecture}`;
      return [
        {
          ...value,
          key,
          wrong,
          allowed: "one architecture for all nodes",
          fix: "choose an instance type with the control plane's architecture",
        },
      ];
    }
    return tooSmall(key, { ...answer, architecture: configuration.architecture }, needs, role).map((finding) => ({ ...finding, ...value }));
  });
}

function typeUses({ masters, workers, infra, bootstrap, installerHost }: Configuration): TypeUse[] {
  const use = (key: string, type: string, needs: typeof MASTER_NEEDS, role: string, count = 1): TypeUse => ({
    key,
    type,
    needs,
    role,
    count,
  });
  return [
    use(
      "masterInstanceType",
      masters.instanceType,
      masters.count === 1 ? SINGLE_NODE_NEEDS : MASTER_NEEDS,
      "a control plane node",
      masters.count,
    ),
    ...(workers.count > 0 ? [use("workerInstanceType", workers.instanceType, WORKER_NEEDS, "a worker", workers.count)] : []),
    ...(infra.count > 0 ? [use("infraInstanceType", infra.instanceType, WORKER_NEEDS, "an infra node", infra.count)] : []),
    ...(bootstrap.instanceType === masters.instanceType
      ? []
      : [use("bootstrapInstanceType", bootstrap.instanceType, MASTER_NEEDS, "the bootstrap instance")]),
    ...(installerHost ? [use("installerHostInstanceType", installerHost.instanceType, HOST_NEEDS, "the installer host")] : []),
  ];
}

interface TypeDescription {
  /** As the installer spells them: `amd64`, `arm64`. */
  readonly architectures: readonly string[];
  readonly vcpus: number;
  readonly memoryGib: number;
}

/**
 * AWS's description of an instance type; undefined if the region does not offer it (EC2 API reference, DescribeInstanceTypes:
 * InvalidInstanceType).
 */
async function describeType(instanceType: string): Promise<TypeDescription | undefined> {
  try {
    const { supportedArchitectures, defaultVcpus, memorySize } = await aws.ec2.getInstanceType({ instanceType });
    const architectures = supportedArchitectures.map((each) => (each === "x86_64" ? "amd64" : each));
    return { architectures, vcpus: defaultVcpus, memoryGib: memorySize / 1024 };
  } catch (error) {
    if (error instanceof Error && /InvalidInstanceType|couldn't find|no matching|not found/i.test(error.message)) return undefined;
    throw error;
  }
}
