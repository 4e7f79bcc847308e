import { isKnown, list, object, shown, type Value } from "./value";

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

/** Operators that demand a value. With `IfExists`, `ForAllValues` or `Null` it may be missing, and with `Not` it may be any other. */
const demanding = /^(ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like))$/i;

/** Whether a condition leaves what is said to everyone to some that it names. One that isn't known yet may. */
export function isNarrowing(condition: Value): boolean {
  if (!isKnown(condition)) return true;
  return Object.entries(object(condition) ?? {})
    .filter(([operator]) => demanding.test(operator))
    .flatMap(([, keys]) => Object.entries(object(keys) ?? {}))
    .some(([key, values]) => narrowingKeys.has(key.toLowerCase()) && list(values).length > 0 && list(values).every(isFixed));
}

/** Whether a value names an account, an organization or a thing before its first wildcard. */
function isFixed(value: Value): boolean {
  const text = shown(value);
  const wildcard = text.search(/[*?]/);
  return wildcard < 0 || /(^|:)\d{12}([:/]|$)|^o-[a-z0-9]+\//.test(text.slice(0, wildcard));
}
