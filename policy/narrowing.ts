import { flag, isKnown, list, object, type Value } from "./value";

/**
 * Keys of a condition that say who asks, or what for: with a fixed value of one of them, a statement for everyone isn't for everyone
 * (Amazon S3, "The meaning of public"; IAM, "Global condition keys"). Whoever asks chooses what the others say, such as the user agent.
 */
const narrowingKeys: ReadonlySet<string> = new Set(
  [
    ...["aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"],
    ...["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceVpc", "aws:SourceVpce"],
  ].map((key) => key.toLowerCase()),
);

/** Operators that a request meets only with one of the values. With `Not` it may have any other, or none (IAM, "Condition operators"). */
const demanding = /^(ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like))$/i;

/** Operators that a request without the key meets, too (IAM, "Condition operators", "...IfExists"; "Single-valued vs. multivalued context keys"). */
const lenient = /^(ForAllValues:|ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like))(IfExists)?$/i;

/** Whether a condition leaves what is said to everyone to some that it names. One that isn't known yet may. All parts of a condition have to be met. */
export function isNarrowing(condition: Value): boolean {
  if (!isKnown(condition)) return true;
  const parts = Object.entries(object(condition) ?? {}).flatMap(([operator, keys]) =>
    Object.entries(object(keys) ?? {}).map(([key, values]) => ({ operator, key: key.toLowerCase(), values: list(values) })),
  );
  const present = new Set(
    parts.filter(({ operator, values }) => /^Null$/i.test(operator) && all(values, isFalse)).map(({ key }) => key), // `Null: false`: the request has it
  );
  return parts.some(
    ({ operator, key, values }) =>
      narrowingKeys.has(key) && (demanding.test(operator) || (lenient.test(operator) && present.has(key))) && all(values, isFixed),
  );
}

/** Of several values a request has to have one only, so that each counts. */
function all(values: readonly Value[], check: (value: Value) => boolean): boolean {
  return values.length > 0 && values.every(check);
}

function isFalse(value: Value): boolean {
  return flag(value) === false;
}

/**
 * Whether a value names an account, an organization or a thing before its first wildcard or policy variable. With a variable the request is compared with
 * what the same request says (IAM, "IAM policy elements: Variables and tags"), and S3 takes no value with either as fixed ("The meaning of public").
 */
function isFixed(value: Value): boolean {
  if (typeof value !== "string" && typeof value !== "number") return false;
  const text = String(value);
  const open = text.search(/[*?]|\$\{/);
  return open < 0 || /(^|:)\d{12}([:/]|$)|^o-[a-z0-9]+\//.test(text.slice(0, open));
}
