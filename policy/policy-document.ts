import { restrictsPrincipal } from "./restricting-conditions";
import { at, list, object, texts, type Value } from "./value";

/** A statement of an IAM policy, as far as it is known. */
export interface Statement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  /** Whether it applies to all actions except some (NotAction). */
  readonly inverted: boolean;
  readonly resources: readonly string[];
  /** Whether it applies to everyone, without a condition that restricts the principal. */
  readonly everyone: boolean;
}

/** Statement for a policy that can't be parsed: it allows everyone everything. */
const unreadable: Statement = { allows: true, actions: ["*"], inverted: false, resources: ["*"], everyone: true };

/** The statements of a policy; none if it is not known yet. */
export function statementsOf(policy: Value): Statement[] {
  const document = typeof policy === "string" ? parse(policy) : policy;
  if (document === undefined && typeof policy === "string") return [unreadable];
  return list(at(document, "Statement")).map((statement) => ({
    allows: at(statement, "Effect") === "Allow",
    actions: texts(at(statement, "Action")),
    inverted: at(statement, "NotAction") !== undefined,
    resources: texts(at(statement, "Resource")),
    everyone: isEveryone(at(statement, "Principal"), statement) && !restrictsPrincipal(at(statement, "Condition")),
  }));
}

function isEveryone(principal: Value, statement: Value): boolean {
  if (at(statement, "NotPrincipal") !== undefined || texts(principal).includes("*")) return true;
  return Object.values(object(principal) ?? {}).some((who) => texts(who).includes("*"));
}

function parse(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}
