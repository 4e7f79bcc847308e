import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Topology } from "./topology";

/** A company's network, with the security group, permissions boundary, roles and key that the company requires. */
export interface ExistingVpc {
  readonly vpcId: string;
  readonly machineCidr: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  /** The private subnet that already has its owner's role tag. */
  readonly ownRoleTag: string;
  readonly securityGroupId: string;
  readonly boundaryArn: string;
  readonly masterRoleName: string;
  readonly workerRoleName: string;
  readonly keyArn: string;
}

const script = readFileSync(join(__dirname, "existing-vpc.py"), "utf8");

/** Creates the network through AWS's own client, as its owner would. */
export async function makeExistingVpc(topology: Topology, region: string): Promise<ExistingVpc> {
  return (await topology.boto(script, region)) as ExistingVpc;
}
