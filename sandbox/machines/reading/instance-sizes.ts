import { DescribeInstanceTypesCommand, type EC2Client, type _InstanceType as InstanceType } from "@aws-sdk/client-ec2";
import { readOnce } from "./once";
import type { Instance } from "../aws-snapshot";

/** Processors and memory of an instance type. */
export type InstanceSize = Pick<Instance, "cpus" | "memoryMib">;

const sizes = new Map<string, Promise<InstanceSize>>();

/** Reads the size of an instance type. It never changes, so each is read once. */
export function instanceSize(client: EC2Client, type: string): Promise<InstanceSize> {
  return readOnce(sizes, type, () => ask(client, type));
}

async function ask(client: EC2Client, type: string): Promise<InstanceSize> {
  const { InstanceTypes = [] } = await client.send(new DescribeInstanceTypesCommand({ InstanceTypes: [type as InstanceType] }));
  const found = InstanceTypes.at(0);
  const cpus = found?.VCpuInfo?.DefaultVCpus;
  const memoryMib = found?.MemoryInfo?.SizeInMiB;
  if (cpus === undefined || memoryMib === undefined) throw new Error(`AWS does not describe the size of the instance type ${type}`);
  return { cpus, memoryMib };
}
