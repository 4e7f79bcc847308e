import { booleanValue, isKnown, valuesIn, object, type PolicyValue } from "./value";

/**
 * Condition keys that identify the caller, or the resource on whose behalf the caller acts. A condition with a fixed value for one of these
 * keys restricts a statement whose principal is everyone (Amazon S3, "The meaning of public"; IAM, "Global condition keys"). Other keys do
 * not restrict it, because the caller itself chooses their values, such as the user agent.
 */
const restrictingKeys: ReadonlySet<string> = new Set(
  [
    ...["aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"],
    ...["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceVpc", "aws:SourceVpce"],
  ].map((key) => key.toLowerCase()),
);

/**
 * Operators that match only a request with one of the values. Operators with `Not` also match a request with another value
 * or without a value (IAM, "Condition operators").
 */
const requiringOperators = /^(ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like))$/i;

/**
 * Operators that also match a request without the key (IAM, "Condition operators", "...IfExists"; "Single-valued vs. multivalued context
 * keys").
 */
const optionalOperators = /^(ForAllValues:|ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like))(IfExists)?$/i;

/**
 * Whether a condition restricts a statement for everyone to named principals. An unknown condition is treated as one that does. A request
 * must meet all parts of a condition.
 */
export function restrictsPrincipal(condition: PolicyValue): boolean {
  if (!isKnown(condition)) return true;
  const parts = Object.entries(object(condition) ?? {}).flatMap(([operator, keys]) =>
    Object.entries(object(keys) ?? {}).map(([key, values]) => ({ operator, key: key.toLowerCase(), values: valuesIn(values) })),
  );
  const present = new Set(
    parts.filter(({ operator, values }) => /^Null$/i.test(operator) && all(values, isFalse)).map(({ key }) => key), // `Null: false` means that the request has the key
  );
  return parts.some(
    ({ operator, key, values }) =>
      restrictingKeys.has(key) &&
      (requiringOperators.test(operator) || (optionalOperators.test(operator) && present.has(key))) &&
      all(values, isFixed),
  );
}

/** A request meets a condition with several values if it matches any one of them, so every value must pass the check. */
function all(values: readonly PolicyValue[], check: (value: PolicyValue) => boolean): boolean {
  return values.length > 0 && values.every(check);
}

function isFalse(value: PolicyValue): boolean {
  return booleanValue(value) === false;
}

/**
 * Whether a value names an account, an organization or a resource before its first wildcard or policy variable. A variable compares the
 * request with its own values (IAM, "IAM policy elements: Variables and tags"), and S3 does not count a value with a wildcard or variable
 * as fixed ("The meaning of public").
 */
function isFixed(value: PolicyValue): boolean {
  if (typeof value !== "string" && typeof value !== "number") return false;
  const text = String(value);
  const open = text.search(/[*?]|\$\{/);
  return open < 0 || /(^|:)\d{12}([:/]|$)|^o-[a-z0-9]+\//.test(text.slice(0, open));
}
