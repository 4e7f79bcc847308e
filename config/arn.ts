import type { ValueProblem } from "./finding";

interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

const ARN = /^arn:(?<partition>[a-z-]+):(?<service>[a-z0-9-]+):(?<region>[a-z0-9-]*):(?<account>\w*):(?<resource>.+)$/;

export function parseArn(text: string): Arn | undefined {
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
