import { DescribeInstanceTypesCommand, type EC2Client, type _InstanceType as InstanceType } from "@aws-sdk/client-ec2";
import type { Instance } from "../aws-snapshot";

/** Processors and memory of an instance type. */
export type InstanceSize = Pick<Instance, "cpus" | "memoryMib">;

const sizes = new Map<string, Promise<InstanceSize>>();

/** Reads the sizes of these instance types. A type's size never changes, so each is read once. */
export async function readInstanceSizes(client: EC2Client, types: readonly string[]): Promise<(type: string) => InstanceSize> {
  const read = new Map(await Promise.all([...new Set(types)].map(async (type) => [type, await sizeOf(client, type)] as const)));
  return (type) => {
    const size = read.get(type);
    if (size === undefined) throw new Error(`the size of the instance type ${type} has not been read`);
    return size;
  };
}

function sizeOf(client: EC2Client, type: string): Promise<InstanceSize> {
  const asked = sizes.get(type) ?? ask(client, type);
  sizes.set(type, asked);
  asked.catch(() => sizes.delete(type));
  return asked;
}

async function ask(client: EC2Client, type: string): Promise<InstanceSize> {
  const { InstanceTypes = [] } = await client.send(new DescribeInstanceTypesCommand({ InstanceTypes: [type as InstanceType] }));
  const found = InstanceTypes.at(0);
  const cpus = found?.VCpuInfo?.DefaultVCpus;
  const memoryMib = found?.MemoryInfo?.SizeInMiB;
  if (cpus === undefined || memoryMib === undefined) throw new Error(`AWS does not describe the size of the instance type ${type}`);
  return { cpus, memoryMib };
}
