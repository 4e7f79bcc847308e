import { type KeyProblem, removeCommand, setCommand } from "../problem";
import { partitionOf } from "../partition";
import { rule } from "../rule";

/** A public cluster needs a public hosted zone for its records; some partitions have none. */
export const publicZoneCanExist = rule(["region", "publish", "dnsManagement"], ({ region, publish, dnsManagement }): KeyProblem[] => {
  if (partitionOf(region).publicZones || publish === "Internal" || dnsManagement === "user") return [];
  return [
    {
      key: "publish",
      wrong: `is External, but Route 53 has no public hosted zones in ${region}, where the cluster's records would be`,
      allowed: "Internal, or External with dnsManagement user and records in another DNS service",
      fix: `${setCommand("publish", "Internal")}, or ${setCommand("dnsManagement", "user")}`,
    },
  ];
});

/** With user-managed DNS the program writes into no zone. */
export const userManagedDnsHasNoZone = rule(["dnsManagement", "privateZoneId"], ({ dnsManagement, privateZoneId }) => {
  if (dnsManagement !== "user" || privateZoneId === "") return [];
  return [
    {
      key: "privateZoneId",
      wrong: "is set, but dnsManagement is user, so the program writes into no zone",
      allowed: "only with dnsManagement managed",
      fix: `${removeCommand("privateZoneId")}, or ${setCommand("dnsManagement", "managed")}`,
    },
  ];
});

/**
 * A private zone only works in VPCs that it is associated with, so an existing zone needs an existing VPC (openshift/installer,
 * ValidatePlatform).
 */
export const privateZoneNeedsVpc = rule(["privateZoneId", "vpcId"], ({ privateZoneId, vpcId }) => {
  if (privateZoneId === "" || vpcId !== "") return [];
  return [
    {
      key: "privateZoneId",
      wrong: "is set, but vpcId is not; an existing private zone must be associated with an existing VPC",
      allowed: "a zone of the cluster's domain that is associated with the VPC that vpcId names",
      fix: `${removeCommand("privateZoneId")} so that the program creates a zone, or ${setCommand("vpcId", "vpc-0123456789abcdef0")}`,
    },
  ];
});

/** The role is used only for an existing zone. */
export const zoneRoleNeedsZone = rule(["privateZoneRoleArn", "privateZoneId"], ({ privateZoneRoleArn, privateZoneId }): KeyProblem[] => {
  if (privateZoneRoleArn === "" || privateZoneId !== "") return [];
  return [
    {
      key: "privateZoneRoleArn",
      wrong: "is set, but privateZoneId is not; the role is only used for an existing zone in another account",
      allowed: "only with privateZoneId",
      fix: `${setCommand("privateZoneId", "Z0123456789ABCDEFGHIJ")}, or ${removeCommand("privateZoneRoleArn")}`,
    },
  ];
});
