import type { ManagedDns, UserManagedDns } from "../../config/configuration";
import type { Problem } from "../../config/configuration-error";
import { setCommand } from "../../config/finding";
import type { FoundNetwork } from "./found-network";

/** Whose account creates the cluster, and what it creates in the network. */
export interface Owner {
  /** Account of the credentials. */
  readonly account: string;
  readonly dns: ManagedDns | UserManagedDns;
}

/** Whether the VPC is of another account, which shares it (AWS Resource Access Manager). */
export function isShared({ ownerId }: FoundNetwork, account: string): boolean {
  return ownerId !== account;
}

/**
 * Route 53 lets an account create a private zone for its own VPCs only (API reference, CreateHostedZone: InvalidVPCId), so in a shared VPC the zone
 * has to be there, in the VPC's account or authorized by it (openshift/enhancements pull request 1397).
 */
export function ownerProblems(network: FoundNetwork, { account, dns }: Owner): Problem[] {
  if (!isShared(network, account) || dns.management === "user" || dns.privateZone !== undefined) return [];
  const { vpcId, ownerId } = network;
  return [
    {
      key: "vpcId",
      wrong: `names a VPC of account ${ownerId}, for which account ${account} can't create a private zone, so privateZoneId and privateZoneRoleArn are needed`,
      value: vpcId,
      allowed: `a VPC of account ${account}; or privateZoneId, with privateZoneRoleArn where the zone is of account ${ownerId}; or dnsManagement user`,
      fix: `${setCommand("privateZoneId", "Z0123456789ABCDEFGHIJ")} and ${setCommand("privateZoneRoleArn", `arn:aws:iam::${ownerId}:role/shared-zone`)}, or ${setCommand("dnsManagement", "user")}`,
    },
  ];
}
