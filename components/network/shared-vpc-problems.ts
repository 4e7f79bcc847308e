import type { ManagedDns, UserManagedDns } from "../../config/configuration";
import type { ConfigurationProblem } from "../../config/configuration-error";
import { setCommand } from "../../config/problem";
import type { FoundNetwork } from "./found-network";

/** The account in which the cluster is created, and who manages the cluster's DNS records. A shared VPC belongs to another account. */
export interface ClusterAccount {
  /** Account of the AWS credentials. */
  readonly account: string;
  readonly dns: ManagedDns | UserManagedDns;
}

/** Whether the VPC belongs to another account, which shares it (AWS Resource Access Manager). */
export function isShared({ ownerId }: FoundNetwork, account: string): boolean {
  return ownerId !== account;
}

/**
 * Route 53 lets an account create a private zone only for its own VPCs (API reference, CreateHostedZone: InvalidVPCId). So a shared VPC
 * needs an existing zone, either of the VPC's account or authorized by it (openshift/enhancements pull request 1397).
 */
export function sharedVpcZoneProblems(network: FoundNetwork, { account, dns }: ClusterAccount): ConfigurationProblem[] {
  if (!isShared(network, account) || dns.management === "user" || dns.privateZone !== undefined) return [];
  const { vpcId, ownerId } = network;
  return [
    {
      key: "vpcId",
      wrong: `names a VPC of account ${ownerId}, for which account ${account} can't create a private zone, so privateZoneId and privateZoneRoleArn are needed`,
      value: vpcId,
      allowed: `a VPC of account ${account}; or privateZoneId, with privateZoneRoleArn if the zone belongs to account ${ownerId}; or dnsManagement user`,
      fix: `${setCommand("privateZoneId", "Z0123456789ABCDEFGHIJ")} and ${setCommand("privateZoneRoleArn", `arn:aws:iam::${ownerId}:role/shared-zone`)}, or ${setCommand("dnsManagement", "user")}`,
    },
  ];
}
