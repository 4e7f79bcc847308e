import type { Facts, Rule } from "./rule";
import { disconnectedNodesReachTheirRouter } from "./mirror/rules";
import { factsAreVerified, preReleaseIsNotUpdated, releaseIsInTable } from "./cluster/release-warnings";
import { proxyReachesDefaultRouter } from "./ingress/balancer-rules";
import { filesAreCopiedWithinASession, kopiaKnowsTheRegion, oadpCopiesFiles } from "./velero/file-system-rules";
import { oadpDoesNotTrustTheProxysCa, oadpFitsTheRelease, readOnlyLocationsCanRestoreVolumes, veleroNeedsNoProxy } from "./velero/rules";
import { elasticImagesAreInReach, kibanaHostNeedsLabels } from "./elastic/rules";
import { grafanaReachesTheLogin } from "./grafana/rules";
import { tagsFitOnZone, tagsReachRoutersUncut } from "./tags/rules";
import { loggingOperatorsFitTheCluster } from "./logging/rules";
import { modernTlsIsSupported } from "./cluster-settings/rules";
import { clusterCatalogsExist, permissionsAreLimited } from "./operators/extension-rules";
import { catalogsExist } from "./operators/rules";
import { podsAndServicesArePrivate } from "./network/range-rules";
import { describeKey, KEY_NAMES } from "./schema";
import { userinfoOf } from "./url";
import type { Warning } from "./warning";

/** Every rule that returns warnings. Like the rules that return problems (config/rules.ts), each is in the folder of its topic. */
const WARNING_RULES: readonly Rule<Warning>[] = [
  preReleaseIsNotUpdated,
  releaseIsInTable,
  factsAreVerified,
  modernTlsIsSupported,
  podsAndServicesArePrivate,
  disconnectedNodesReachTheirRouter,
  tagsReachRoutersUncut,
  tagsFitOnZone,
  proxyReachesDefaultRouter,
  catalogsExist,
  clusterCatalogsExist,
  permissionsAreLimited,
  oadpFitsTheRelease,
  veleroNeedsNoProxy,
  oadpDoesNotTrustTheProxysCa,
  readOnlyLocationsCanRestoreVolumes,
  filesAreCopiedWithinASession,
  oadpCopiesFiles,
  kopiaKnowsTheRegion,
  elasticImagesAreInReach,
  loggingOperatorsFitTheCluster,
  grafanaReachesTheLogin,
  kibanaHostNeedsLabels,
];

/** The warnings about a configuration without problems. Values of secrets are masked. */
export function warningsAbout(facts: Facts, rules: readonly Rule<Warning>[] = WARNING_RULES): readonly Warning[] {
  const secrets = secretTexts(facts);
  const hide = (text: string) => secrets.reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), text);
  return rules.flatMap(({ check }) => check(facts)).map(({ key, text, fix }) => ({ key, text: hide(text), fix: hide(fix) }));
}

/** The values of all secret keys and the user and password of all URLs, longest first, because one text may contain another. */
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
