import type { ValueProblem } from "../problem";

/** Maximum nesting depth of filters; this project's choice, far more than anybody writes. */
const MAX_DEPTH = 50;

/** An attribute's name or number, with options (RFC 4512, section 2.5). Directories also use names with an underscore. */
const ATTRIBUTE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}(?:;[A-Za-z0-9_-]{1,100}){0,10}$/;

/** The left side of an extensible match: attribute, :dn and matching rule. Attribute or rule may be missing (RFC 4515, section 3). */
const EXTENSIBLE = /^(?<attribute>[^:]{0,1000})(?::dn)?(?::(?<rule>[A-Za-z0-9.-]{1,200}))?:$/;

const ALLOWED = "an LDAP filter (RFC 4515), such as (objectClass=person) or (&(objectClass=person)(!(cn=test*)))";

/** Thrown for a text that is not a filter. */
class FilterError extends Error {
  constructor(readonly problem: ValueProblem) {
    super(problem.wrong);
  }
}

/**
 * Checks an LDAP filter; the message continues "a filter". OpenShift compiles filters with go-ldap (`filter.go`,
 * CompileFilter): the filters in the identity provider's URL (openshift/library-go, `pkg/security/ldaputil/url.go`,
 * DetermineLDAPFilter) and the filters of the group synchronization (openshift/oc, validateLDAPQuery). go-ldap accepts
 * everything that this function accepts. This function also refuses attributes that no server can have, such as one that
 * starts with a space, which go-ldap would send.
 */
export function filterProblem(filter: string): ValueProblem | undefined {
  try {
    if (!filter.startsWith("(") || !filter.endsWith(")")) return { wrong: "without parentheses around it", allowed: ALLOWED };
    if (endOfFilter(filter, 0, 0) !== filter.length) throw parenthesesError();
    return undefined;
  } catch (error) {
    if (error instanceof FilterError) return { allowed: ALLOWED, ...error.problem };
    throw error;
  }
}

/** The index after the closing parenthesis of a filter; `start` is the index of its opening parenthesis. */
function endOfFilter(text: string, start: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new FilterError({ wrong: `that is nested more than ${MAX_DEPTH} levels deep` });
  const operator = text[start + 1];
  // go-ldap accepts a filter in double parentheses.
  const isSet = ["&", "|", "!", "("].includes(operator);
  if (!isSet) return endOfComparison(text, start + 1);
  let count = 0;
  let at = operator === "(" ? start + 1 : start + 2;
  for (; text[at] === "("; count++) at = endOfFilter(text, at, depth + 1);
  if (at >= text.length) throw parenthesesError();
  if (text[at] !== ")")
    throw new FilterError({
      wrong: `with ${JSON.stringify(text.slice(at, at + 20))} where a filter in parentheses or a closing parenthesis is expected`,
    });
  if (operator === "!" && count !== 1) throw new FilterError({ wrong: `with ${count} filters after !, which needs exactly one` });
  if (operator === "(" && count !== 1) throw new FilterError({ wrong: `with ${count} filters without & or | before them` });
  return at + 1;
}

/** The index after the closing parenthesis of a comparison; `start` is the index after its opening parenthesis. */
function endOfComparison(text: string, start: number): number {
  const end = text.indexOf(")", start);
  if (end < 0) throw parenthesesError();
  const comparison = text.slice(start, end);
  if (comparison.includes("(")) throw parenthesesError();
  const equals = comparison.indexOf("=");
  if (equals < 0) throw new FilterError({ wrong: `with ${JSON.stringify(`(${comparison})`)}, which compares nothing` });
  const before = comparison.slice(0, equals);
  if (!isComparable(before))
    throw new FilterError({
      wrong: `with ${JSON.stringify(before)} before an =, where an attribute is expected`,
      fix: "write (attribute=value)",
    });
  refuseBadEscapes(comparison.slice(equals + 1));
  return end + 1;
}

/** Whether the text before the = is an attribute, possibly with the first character of >=, <=, ~= or :=. */
function isComparable(before: string): boolean {
  const extensible = EXTENSIBLE.exec(before)?.groups as Partial<Record<"attribute" | "rule", string>> | undefined;
  if (extensible === undefined) return ATTRIBUTE.test(before.replace(/[<>~]$/, ""));
  const { attribute = "", rule } = extensible;
  return attribute === "" ? rule !== undefined : ATTRIBUTE.test(attribute);
}

function refuseBadEscapes(value: string): void {
  const found = /\\(?![0-9A-Fa-f]{2}).?.?/su.exec(value)?.[0];
  if (found === undefined) return;
  throw new FilterError({
    wrong: `with ${JSON.stringify(found)}, but a \\ needs two hexadecimal digits after it`,
    fix: "write \\5c for a \\, also in a DN (CN=Doe\\5c, Jane), \\28 for (, \\29 for ) and \\2a for *",
  });
}

function parenthesesError(): FilterError {
  return new FilterError({ wrong: "with unbalanced parentheses", fix: "write \\28 and \\29 for parentheses in a value" });
}
