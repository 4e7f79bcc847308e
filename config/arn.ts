import { type KeyProblem, type ValueProblem, removeCommand } from "./finding";
import { type Facts, type Rule, rule } from "./rule";
import { partitionOf } from "./partition";

interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

const ARN = /^arn:(?<partition>[a-z-]+):(?<service>[a-z0-9-]+):(?<region>[a-z0-9-]*):(?<account>\w*):(?<resource>.+)$/;

function parseArn(text: string): Arn | undefined {
  return ARN.exec(text)?.groups as unknown as Arn | undefined;
}

interface Form {
  readonly called: string;
  readonly service: string;
  readonly resource: RegExp;
  /** Whether the resource belongs to a region; IAM's don't. */
  readonly regional: boolean;
}

const KINDS = {
  key: { called: "KMS key", service: "kms", resource: /^key\/(mrk-)?[0-9a-f-]{32,36}$/, regional: true },
  policy: { called: "IAM policy", service: "iam", resource: /^policy\/[\w+=,.@/-]{1,512}$/, regional: false },
  role: { called: "IAM role", service: "iam", resource: /^role\/[\w+=,.@/-]{1,512}$/, regional: false },
} as const satisfies Record<string, Form>;

/** Returns a check for the ARN of one kind of resource. */
export function arnProblem(kind: keyof typeof KINDS): (text: string) => ValueProblem | undefined {
  const form: Form = KINDS[kind];
  return (text) => {
    const arn = parseArn(text);
    if (!arn) return { wrong: "is not an ARN" };
    if (kind === "key" && arn.service === "kms" && arn.resource.startsWith("alias/"))
      return { wrong: "is the ARN of an alias, but the ARN of the key is needed" };
    if (arn.service !== form.service || !form.resource.test(arn.resource)) return { wrong: `is not the ARN of a ${form.called}` };
    if (!/^\d{12}$/.test(arn.account) && !(kind === "policy" && arn.account === "aws")) return { wrong: "has no twelve-digit account ID" };
    if ((arn.region !== "") !== form.regional) return { wrong: form.regional ? "names no region" : "names a region, but IAM has none" };
    return undefined;
  };
}

type PlacedArn =
  | "volumeKmsKeyArn"
  | "imageRegistryKmsKeyArn"
  | "permissionsBoundaryArn"
  | "privateZoneRoleArn"
  | "etcdBackupKmsKeyArn"
  | "etcdBackupResourcesKmsKeyArn";

/** The ARN must be in the cluster's partition and, if it names a region, in the cluster's region. */
function arnRule(key: PlacedArn): Rule {
  return rule([key, "region"], (facts: Pick<Facts, PlacedArn | "region">): KeyProblem[] => {
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
  return `set the ARN of one that the cluster can use, or ${removeCommand(key)}`;
}

export const arnsAreOfThisPlace: readonly Rule[] = [
  arnRule("volumeKmsKeyArn"),
  arnRule("imageRegistryKmsKeyArn"),
  arnRule("permissionsBoundaryArn"),
  arnRule("privateZoneRoleArn"),
  arnRule("etcdBackupKmsKeyArn"),
  arnRule("etcdBackupResourcesKmsKeyArn"),
];
