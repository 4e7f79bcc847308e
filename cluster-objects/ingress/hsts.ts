import type { RouterShard } from "../../config/ingress/settings";
import type { ApiObject } from "../object";

/** HSTS policies in `Ingress cluster` that routes in the shards' domains must comply with; undefined if no shard requires HSTS. */
export function requiredHsts(shards: readonly RouterShard[]): ApiObject | undefined {
  const policies = shards.flatMap(({ domain, hsts }) => (hsts ? [policyOf(domain, hsts)] : []));
  if (policies.length === 0) return undefined;
  return {
    apiVersion: "config.openshift.io/v1",
    kind: "Ingress",
    metadata: { name: "cluster" },
    spec: { requiredHSTSPolicies: policies },
  };
}

function policyOf(domain: string, { maxAge, includeSubDomains, preload }: NonNullable<RouterShard["hsts"]>): object {
  return {
    domainPatterns: [`*.${domain}`],
    maxAge: { smallestMaxAge: maxAge },
    includeSubDomainsPolicy: includeSubDomains ? "RequireIncludeSubDomains" : "NoOpinion",
    preloadPolicy: preload ? "RequirePreload" : "NoOpinion",
  };
}
