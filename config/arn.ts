import { parseArn } from "../lib/aws/arn";
import type { ValueProblem } from "./problem";

interface Form {
  readonly called: string;
  readonly service: string;
  readonly resource: RegExp;
  /** Whether the resource belongs to a region; IAM's resources don't. */
  readonly regional: boolean;
}

const KINDS = {
  certificate: { called: "an ACM certificate", service: "acm", resource: /^certificate\/[0-9a-f-]{36}$/, regional: true },
  key: { called: "a KMS key", service: "kms", resource: /^key\/(mrk-)?[0-9a-f-]{32,36}$/, regional: true },
  policy: { called: "an IAM policy", service: "iam", resource: /^policy\/[\w+=,.@/-]{1,512}$/, regional: false },
  role: { called: "an IAM role", service: "iam", resource: /^role\/[\w+=,.@/-]{1,512}$/, regional: false },
} as const satisfies Record<string, Form>;

/** Returns a check for the ARN of one kind of resource. */
export function arnProblem(kind: keyof typeof KINDS): (text: string) => ValueProblem | undefined {
  const form: Form = KINDS[kind];
  return (text) => {
    const arn = parseArn(text);
    if (!arn || !/^[a-z-]+$/.test(arn.partition) || !/^[a-z0-9-]*$/.test(arn.region)) return { wrong: "is not an ARN" };
    if (kind === "key" && arn.service === "kms" && arn.resource.startsWith("alias/"))
      return { wrong: "is the ARN of an alias, but the ARN of the key is needed" };
    if (arn.service !== form.service || !form.resource.test(arn.resource)) return { wrong: `is not the ARN of ${form.called}` };
    if (!/^\d{12}$/.test(arn.accountId) && !(kind === "policy" && arn.accountId === "aws"))
      return { wrong: "has no twelve-digit account ID" };
    if ((arn.region !== "") !== form.regional) return { wrong: form.regional ? "names no region" : "names a region, but IAM has none" };
    return undefined;
  };
}
