import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Topology } from "./topology";

/** A network that belongs to somebody else, with what its owner prescribes. */
export interface ExistingVpc {
  readonly vpcId: string;
  readonly machineCidr: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  /** The private subnet whose role tag is its owner's. */
  readonly ownRoleTag: string;
  readonly securityGroupId: string;
  readonly boundaryArn: string;
  readonly masterRoleName: string;
  readonly workerRoleName: string;
  readonly keyArn: string;
}

const script = readFileSync(join(__dirname, "existing-vpc.py"), "utf8");

/** Makes the network through AWS's own client, as its owner would. */
export async function makeExistingVpc(topology: Topology, region: string): Promise<ExistingVpc> {
  return (await topology.boto(script, region)) as ExistingVpc;
}
