import type { Facts, Rule } from "./rule";
import { cutOffNodesReachTheirRouter } from "./rules/mirror";
import { factsAreVerified, preReleaseIsNotUpdated, releaseIsInTable } from "./rules/release-warnings";
import { proxyReachesDefaultRouter } from "./rules/router-shards-balancers";
import { tagsFitOnZone, tagsReachRoutersWhole } from "./rules/tags";
import { modernTlsIsSupported } from "./rules/tls-profile";
import { podsAndServicesArePrivate } from "./rules/ranges";
import { describeKey, KEY_NAMES } from "./schema";
import { userinfoOf } from "./url";
import type { Warning } from "./warning";

/** Every rule that warns. Each is written like a rule that refuses (config/rules/index.ts) and is in the file of its subject in config/rules. */
export const WARNING_RULES: readonly Rule<Warning>[] = [
  preReleaseIsNotUpdated,
  releaseIsInTable,
  factsAreVerified,
  modernTlsIsSupported,
  podsAndServicesArePrivate,
  cutOffNodesReachTheirRouter,
  tagsReachRoutersWhole,
  tagsFitOnZone,
  proxyReachesDefaultRouter,
];

/** The warnings about a configuration in which no rule found a problem, without the values of secrets. */
export function warningsAbout(facts: Facts, rules: readonly Rule<Warning>[] = WARNING_RULES): readonly Warning[] {
  const secrets = secretTexts(facts);
  const hide = (text: string) => secrets.reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), text);
  return rules.flatMap(({ check }) => check(facts)).map(({ key, text, fix }) => ({ key, text: hide(text), fix: hide(fix) }));
}

/** The texts of all secret keys and the user parts of all URLs, the longest first: one may contain another. */
function secretTexts(facts: Facts): string[] {
  const secret = KEY_NAMES.filter((name) => describeKey(name).secret).flatMap((name) => textsIn(facts[name]));
  const credentials = KEY_NAMES.filter((name) => describeKey(name).credentials)
    .flatMap((name) => textsIn(facts[name]))
    .flatMap((url) => userinfoOf(url) ?? []);
  return [...secret, ...credentials].filter((text) => text !== "").sort((one, other) => other.length - one.length);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
