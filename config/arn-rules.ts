import { parseArn } from "../lib/aws/arn";
import { type KeyProblem, removeCommand } from "./problem";
import { partitionOf } from "./partition";
import { type Facts, type Rule, rule } from "./rule";

type ArnKey =
  | "volumeKmsKeyArn"
  | "imageRegistryKmsKeyArn"
  | "permissionsBoundaryArn"
  | "privateZoneRoleArn"
  | "efsKmsKeyArn"
  | "etcdBackupKmsKeyArn"
  | "etcdBackupResourcesKmsKeyArn"
  | "veleroKmsKeyArn"
  | "lokiKmsKeyArn";

/** The ARN must be in the cluster's partition and, if it names a region, in the cluster's region. */
function arnRule(key: ArnKey): Rule {
  return rule([key, "region"], (facts: Pick<Facts, ArnKey | "region">): KeyProblem[] => {
    const arn = parseArn(facts[key]);
    if (!arn) return [];
    const partition = partitionOf(facts.region).name;
    if (arn.partition !== partition) {
      return [
        {
          key,
          wrong: `is in the partition ${arn.partition}, but ${facts.region} is in ${partition}`,
          allowed: `an ARN that starts with arn:${partition}:`,
          fix: removeOr(key),
        },
      ];
    }
    if (arn.region !== "" && arn.region !== facts.region) {
      return [
        {
          key,
          wrong: `is in ${arn.region}, but the cluster is in ${facts.region}`,
          allowed: `a resource in ${facts.region}`,
          fix: removeOr(key),
        },
      ];
    }
    return [];
  });
}

function removeOr(key: string): string {
  return `set the ARN of a resource that the cluster can use, or ${removeCommand(key)}`;
}

export const arnsMatchTheCluster: readonly Rule[] = [
  arnRule("volumeKmsKeyArn"),
  arnRule("imageRegistryKmsKeyArn"),
  arnRule("permissionsBoundaryArn"),
  arnRule("privateZoneRoleArn"),
  arnRule("efsKmsKeyArn"),
  arnRule("etcdBackupKmsKeyArn"),
  arnRule("etcdBackupResourcesKmsKeyArn"),
  arnRule("veleroKmsKeyArn"),
  arnRule("lokiKmsKeyArn"),
];
