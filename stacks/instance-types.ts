import * as aws from "@pulumi/aws";
import type { Configuration } from "../config/configuration";
import type { Problem } from "../config/configuration-error";
import { removeCommand, setCommand } from "../config/finding";
import { parseInstanceType } from "../config/instance-type";
import { NEEDS as HOST_NEEDS } from "../config/rules/installer-host";
import { MASTER_NEEDS, SINGLE_NODE_NEEDS, tooSmall, WORKER_NEEDS } from "../config/rules/machine-types";

interface Use {
  readonly key: string;
  readonly type: string;
  readonly needs: typeof MASTER_NEEDS;
  readonly role: string;
  /** Number of machines. */
  readonly count: number;
}

/** Where AWS offers the machines' types: zones by type. */
export type Offers = ReadonlyMap<string, readonly string[]>;

/** Asks AWS in which of the region's zones it offers the machines' types. */
export async function findOffers(configuration: Configuration): Promise<Offers> {
  const values = [...new Set(usesOf(configuration).map(({ type }) => type))];
  const filters = [{ name: "instance-type", values }];
  const { instanceTypes, locations } = await aws.ec2.getInstanceTypeOfferings({ locationType: "availability-zone", filters });
  return new Map(values.map((type) => [type, locations.filter((_, index) => instanceTypes[index] === type)]));
}

/**
 * Problems of machines in zones that do not offer their types: RunInstances refuses them with `Unsupported`, workers only after the control plane is there.
 * @param zones the cluster's, in order: the machines of a pool are spread over them one by one.
 * @param available the region's availability zones; others are told of by the survey of the network.
 */
export function offerProblems(
  configuration: Configuration,
  offers: Offers,
  zones: readonly string[],
  available: readonly string[],
): Problem[] {
  return usesOf(configuration).flatMap(({ key, type, count, needs }) => {
    const offered = offers.get(type) ?? [];
    // A type that no zone of the region has, and that nobody knows, is told of by instanceTypeProblems.
    if (offered.length === 0 && parseInstanceType(type)?.isKnown === false) return [];
    const missing = zones.slice(0, count).filter((zone) => available.includes(zone) && !offered.includes(zone));
    if (missing.length === 0) return [];
    const there = offered.length === 0 ? `no zone of ${configuration.region}` : offered.join(", ");
    return [
      {
        key,
        wrong: `is not offered in ${missing.join(", ")}, where machines of this type are to run`,
        value: type,
        allowed: `a type that every zone in use has; AWS offers this one in ${there}`,
        fix: `choose another type (${setCommand(key, needs.example)}) or other zones; aws ec2 describe-instance-type-offerings --location-type availability-zone --filters Name=location,Values=${missing[0] ?? ""} lists a zone's types`,
      },
    ];
  });
}

/**
 * Asks AWS about the machines' types that config/instance-types.ts doesn't know: whether the region has them, of which architecture they are, and whether they
 * are large enough. Of types that it knows nothing is asked.
 */
export async function instanceTypeProblems(configuration: Configuration): Promise<Problem[]> {
  const uses = usesOf(configuration).filter(({ type }) => parseInstanceType(type)?.isKnown === false);
  const types = [...new Set(uses.map(({ type }) => type))];
  const answers = new Map(await Promise.all(types.map(async (type) => [type, await ask(type)] as const)));
  return uses.flatMap(({ key, type, needs, role }) => {
    const answer = answers.get(type);
    const value = { value: type };
    if (answer === undefined) {
      const allowed = `an instance type that ${configuration.region} has (aws ec2 describe-instance-type-offerings)`;
      const fix = key === "bootstrapInstanceType" ? removeCommand(key) : setCommand(key, needs.example);
      return [{ ...value, key, wrong: `is no instance type that AWS has in ${configuration.region}`, allowed, fix }];
    }
    if (!answer.architectures.includes(configuration.architecture)) {
      const [architecture] = answer.architectures;
      const wrong = `is ${architecture}, but the cluster's machines are ${configuration.architecture}`;
      return [{ ...value, key, wrong, allowed: "one architecture for all machines", fix: "choose a type of the masters' architecture" }];
    }
    return tooSmall(key, { ...answer, architecture: configuration.architecture }, needs, role).map((finding) => ({ ...finding, ...value }));
  });
}

function usesOf({ masters, workers, infra, bootstrap, installerHost }: Configuration): Use[] {
  const use = (key: string, type: string, needs: typeof MASTER_NEEDS, role: string, count = 1): Use => ({ key, type, needs, role, count });
  return [
    use("masterInstanceType", masters.instanceType, masters.count === 1 ? SINGLE_NODE_NEEDS : MASTER_NEEDS, "a master", masters.count),
    ...(workers.count > 0 ? [use("workerInstanceType", workers.instanceType, WORKER_NEEDS, "a worker", workers.count)] : []),
    ...(infra.count > 0 ? [use("infraInstanceType", infra.instanceType, WORKER_NEEDS, "an infra node", infra.count)] : []),
    ...(bootstrap.instanceType === masters.instanceType
      ? []
      : [use("bootstrapInstanceType", bootstrap.instanceType, MASTER_NEEDS, "the bootstrap machine")]),
    ...(installerHost ? [use("installerHostInstanceType", installerHost.instanceType, HOST_NEEDS, "the installer host")] : []),
  ];
}

interface Answer {
  /** In the installer's spelling. */
  readonly architectures: readonly string[];
  readonly vcpus: number;
  readonly memoryGib: number;
}

/** What AWS says of a type; undefined where the region hasn't it (EC2 API reference, DescribeInstanceTypes: InvalidInstanceType). */
async function ask(instanceType: string): Promise<Answer | undefined> {
  try {
    const { supportedArchitectures, defaultVcpus, memorySize } = await aws.ec2.getInstanceType({ instanceType });
    const architectures = supportedArchitectures.map((each) => (each === "x86_64" ? "amd64" : each));
    return { architectures, vcpus: defaultVcpus, memoryGib: memorySize / 1024 };
  } catch (error) {
    if (error instanceof Error && /InvalidInstanceType|couldn't find|no matching|not found/i.test(error.message)) return undefined;
    throw error;
  }
}
