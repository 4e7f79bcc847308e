import type { Flaw } from "../finding";

/** Filters inside of filters: this project's limit, far above what people write. */
const MOST_DEPTH = 50;

/** An attribute with its options, or its number (RFC 4512, section 2.5). Directories also have names with an underscore. */
const ATTRIBUTE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}(?:;[A-Za-z0-9_-]{1,100}){0,10}$/;

/** The left side of an extensible match: attribute, :dn and a rule. Attribute or rule may be missing (RFC 4515, section 3). */
const EXTENSIBLE = /^(?<attribute>[^:]{0,1000})(?::dn)?(?::(?<rule>[A-Za-z0-9.-]{1,200}))?:$/;

const ALLOWED = "an LDAP filter (RFC 4515), such as (objectClass=person) or (&(objectClass=person)(!(cn=test*)))";

/** Thrown for a text that is not a filter. */
class FilterError extends Error {
  constructor(readonly flaw: Flaw) {
    super(flaw.wrong);
  }
}

/**
 * What is wrong with an LDAP filter, in words that follow "a filter". OpenShift compiles filters with go-ldap (`filter.go`, CompileFilter), both of the
 * identity provider's URL (openshift/library-go, `pkg/security/ldaputil/url.go`, DetermineLDAPFilter) and of the groups' synchronization (openshift/oc,
 * validateLDAPQuery). Everything that this function accepts is accepted there. It also refuses what go-ldap would send as an attribute that no server
 * has, such as one with a blank in front.
 */
export function filterFlaw(filter: string): Flaw | undefined {
  try {
    if (!filter.startsWith("(") || !filter.endsWith(")")) return { wrong: "without brackets around it", allowed: ALLOWED };
    if (endOfFilter(filter, 0, 0) !== filter.length) throw bracketsError();
    return undefined;
  } catch (error) {
    if (error instanceof FilterError) return { allowed: ALLOWED, ...error.flaw };
    throw error;
  }
}

/** Where the filter that starts at `start`, a bracket, has ended. */
function endOfFilter(text: string, start: number, depth: number): number {
  if (depth > MOST_DEPTH) throw new FilterError({ wrong: `with more than ${MOST_DEPTH} filters inside of each other` });
  const operator = text[start + 1];
  // go-ldap takes a filter in two pairs of brackets.
  const isSet = ["&", "|", "!", "("].includes(operator);
  if (!isSet) return endOfComparison(text, start + 1);
  let count = 0;
  let at = operator === "(" ? start + 1 : start + 2;
  for (; text[at] === "("; count++) at = endOfFilter(text, at, depth + 1);
  if (at >= text.length) throw bracketsError();
  if (text[at] !== ")")
    throw new FilterError({
      wrong: `with ${JSON.stringify(text.slice(at, at + 20))} where a filter in brackets or a closing bracket belongs`,
    });
  if (operator === "!" && count !== 1) throw new FilterError({ wrong: `with ${count} filters after !, which takes one` });
  if (operator === "(" && count !== 1) throw new FilterError({ wrong: `with ${count} filters, but neither & nor | before them` });
  return at + 1;
}

/** Where the comparison that starts at `start`, behind its bracket, has ended. */
function endOfComparison(text: string, start: number): number {
  const end = text.indexOf(")", start);
  if (end < 0) throw bracketsError();
  const comparison = text.slice(start, end);
  if (comparison.includes("(")) throw bracketsError();
  const equals = comparison.indexOf("=");
  if (equals < 0) throw new FilterError({ wrong: `with ${JSON.stringify(`(${comparison})`)}, which compares nothing` });
  const before = comparison.slice(0, equals);
  if (!isComparable(before))
    throw new FilterError({
      wrong: `with ${JSON.stringify(before)} before an =, where an attribute belongs`,
      fix: "write (attribute=value)",
    });
  refuseBadEscapes(comparison.slice(equals + 1));
  return end + 1;
}

/** Whether an attribute stands before the =, with the first half of >=, <=, ~= or := where it is one of them. */
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
    wrong: `with ${JSON.stringify(found)}, but two hexadecimal digits belong after a \\`,
    fix: "write \\5c for a \\ itself, also in a DN (CN=Doe\\5c, Jane), \\28 for (, \\29 for ) and \\2a for *",
  });
}

function bracketsError(): FilterError {
  return new FilterError({ wrong: "whose brackets don't match", fix: "write \\28 and \\29 for brackets in a value" });
}
