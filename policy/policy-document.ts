import { restrictsPrincipal } from "./restricting-conditions";
import { valueAt, valuesIn, object, texts, type PolicyValue } from "./value";

/** A statement of an IAM policy. Values that are not known yet are left out. */
export interface ParsedStatement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  /** Whether the statement applies to all actions except those in `actions` (NotAction). */
  readonly inverted: boolean;
  readonly resources: readonly string[];
  /** Whether the statement applies to everyone, without a condition that restricts the principal. */
  readonly everyone: boolean;
}

/** Statement for a policy that can't be parsed: it allows everyone everything. */
const allowEverything: ParsedStatement = { allows: true, actions: ["*"], inverted: false, resources: ["*"], everyone: true };

/** The statements of a policy; an empty list if the policy is not known yet. */
export function statementsOf(policy: PolicyValue): ParsedStatement[] {
  const document = typeof policy === "string" ? parse(policy) : policy;
  if (document === undefined && typeof policy === "string") return [allowEverything];
  return valuesIn(valueAt(document, "Statement")).map((statement) => ({
    allows: valueAt(statement, "Effect") === "Allow",
    actions: texts(valueAt(statement, "Action")),
    inverted: valueAt(statement, "NotAction") !== undefined,
    resources: texts(valueAt(statement, "Resource")),
    everyone: isEveryone(valueAt(statement, "Principal"), statement) && !restrictsPrincipal(valueAt(statement, "Condition")),
  }));
}

function isEveryone(principal: PolicyValue, statement: PolicyValue): boolean {
  if (valueAt(statement, "NotPrincipal") !== undefined || texts(principal).includes("*")) return true;
  return Object.values(object(principal) ?? {}).some((who) => texts(who).includes("*"));
}

function parse(text: string): PolicyValue {
  try {
    return JSON.parse(text) as PolicyValue;
  } catch {
    return undefined;
  }
}
