import { isNarrowing } from "./narrowing";
import { at, list, object, texts, type Value } from "./value";

/** A statement of an IAM policy, as far as it is known. */
export interface Statement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  /** Whether it allows everything but some actions. */
  readonly inverted: boolean;
  readonly resources: readonly string[];
  /** Whether anybody at all is meant, without a condition that names some. */
  readonly everyone: boolean;
}

/** What a policy counts as that can't be read: it allows everyone everything. */
const unreadable: Statement = { allows: true, actions: ["*"], inverted: false, resources: ["*"], everyone: true };

/** The statements of a policy; none when it isn't known yet. */
export function statementsOf(policy: Value): Statement[] {
  const document = typeof policy === "string" ? parse(policy) : policy;
  if (document === undefined && typeof policy === "string") return [unreadable];
  return list(at(document, "Statement")).map((statement) => ({
    allows: at(statement, "Effect") === "Allow",
    actions: texts(at(statement, "Action")),
    inverted: at(statement, "NotAction") !== undefined,
    resources: texts(at(statement, "Resource")),
    everyone: isEveryone(at(statement, "Principal"), statement) && !isNarrowing(at(statement, "Condition")),
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
