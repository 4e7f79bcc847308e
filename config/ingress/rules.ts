import { isBelow, selector } from "./settings";
import type { ShardSettings } from "./keys";
import { areDisjoint, NAMESPACE_NAME, requirementsOf } from "./label-selector";
import type { KeyProblem } from "../problem";
import { partitionOf } from "../partition";
import { rule } from "../rule";

/** Labels that the platform's own namespaces have or may get. */
const PLATFORM_LABEL = /^([a-z0-9.-]+\.)?(kubernetes\.io|k8s\.io|openshift\.io)\//;
const PLATFORM_NAMESPACE = /^(default|openshift|kube-.*|openshift-.*)$/;

/** A DNS name has at most 253 characters (RFC 1035). A route's label with its dot takes 64 of them. */
const MAX_DOMAIN_CHARACTERS = 253 - 64;

/** Problems of single shards, each with the shard's position in the list. */
export function eachShard(
  shards: readonly ShardSettings[],
  problemsOf: (shard: ShardSettings) => readonly Omit<KeyProblem, "key">[],
): KeyProblem[] {
  return shards.flatMap((shard, index) =>
    problemsOf(shard).map((problem) => ({ ...problem, key: "routerShards", wrong: `item ${index + 1} (${shard.name}): ${problem.wrong}` })),
  );
}

/** No two shards may admit the same route: both routers would serve the route, and each would overwrite the other's entry in its status. */
export const shardsAreDisjoint = rule(["routerShards"], ({ routerShards }) =>
  routerShards.flatMap((one, first) =>
    routerShards.slice(first + 1).flatMap((other, offset): KeyProblem[] => {
      const namespaces = [one, other].map((shard) => selector(shard.namespaceSelector));
      const routes = [one, other].map((shard) => selector(shard.routeSelector));
      if (areDisjoint(namespaces, [NAMESPACE_NAME]) || areDisjoint(routes)) return [];
      return [
        {
          key: "routerShards",
          wrong: `items ${first + 1} (${one.name}) and ${first + offset + 2} (${other.name}) could admit the same route, because neither their namespaceSelectors nor their routeSelectors exclude each other`,
          allowed: "shards that can't select the same route",
          fix: "use different values of the same label in both namespaceSelectors, or in both routeSelectors",
        },
      ];
    }),
  ),
);

/**
 * The default router excludes the shards' namespaces with its only namespace selector, so a shard must select its namespaces by the
 * presence of one label. Selection by a label's absence would also select the platform's namespaces.
 */
export const shardNamespacesHaveOneLabel = rule(["routerShards"], ({ routerShards }) =>
  eachShard(routerShards, ({ namespaceSelector }) => {
    const allowed = "one label: an entry of matchLabels, or an expression with In or Exists";
    const requirements = requirementsOf(selector(namespaceSelector));
    if (requirements.length !== 1) {
      return [
        {
          wrong: `namespaceSelector has ${requirements.length} requirements, so the default router could not exclude its namespaces`,
          allowed,
          fix: "give the shard's namespaces one label, and select by it",
        },
      ];
    }
    const [{ key, operator, values = [] }] = requirements;
    if (operator !== "In" && operator !== "Exists")
      return [
        { wrong: `namespaceSelector uses ${operator}, which also selects the platform's namespaces`, allowed, fix: "use In or Exists" },
      ];
    if (key !== NAMESPACE_NAME && PLATFORM_LABEL.test(key))
      return [{ wrong: `namespaceSelector selects by ${key}, a label of the platform`, allowed, fix: "use your own label" }];
    const platform =
      key === NAMESPACE_NAME
        ? operator === "Exists"
          ? "every namespace"
          : values.find((value) => PLATFORM_NAMESPACE.test(value))
        : undefined;
    return platform === undefined
      ? []
      : [
          {
            wrong: `namespaceSelector selects ${platform}, ${operator === "Exists" ? "also those of the platform" : "a namespace of the platform"}`,
            allowed: "only your own namespaces",
            fix: operator === "Exists" ? "select by your own label" : `remove ${platform} from values`,
          },
        ];
  }),
);

export const shardRoutesExist = rule(["routerShards"], ({ routerShards }) =>
  eachShard(routerShards, ({ routeSelector }) =>
    areDisjoint([selector(routeSelector)])
      ? [
          {
            wrong: "routeSelector selects nothing, because its requirements exclude each other",
            allowed: "requirements that a route can meet",
            fix: "remove one of the requirements",
          },
        ]
      : [],
  ),
);

export const shardDomainsDiffer = rule(["routerShards", "clusterName", "baseDomain"], ({ routerShards, clusterName, baseDomain }) => {
  const clusterDomain = `${clusterName}.${baseDomain}`;
  const apps = `apps.${clusterDomain}`;
  const domains = routerShards.map(({ domain }) => domain);
  return eachShard(routerShards, ({ domain, name }) => {
    const allowed = `a separate domain, such as ${name}.${clusterDomain}`;
    const fix = `set its domain to ${name}.${clusterDomain}`;
    if (domain === apps || isBelow(domain, apps)) return [{ wrong: `domain ${domain} belongs to the default router`, allowed, fix }];
    if (domain === clusterDomain)
      return [{ wrong: `domain ${domain} is the cluster's own domain, which contains the API's names`, allowed, fix }];
    if (domain.length > MAX_DOMAIN_CHARACTERS)
      return [
        { wrong: `domain has ${domain.length} characters`, allowed: `at most ${MAX_DOMAIN_CHARACTERS} characters`, fix: "shorten it" },
      ];
    const first = domains.indexOf(domain);
    return routerShards[first].name === name ? [] : [{ wrong: `domain ${domain} is also the domain of item ${first + 1}`, allowed, fix }];
  });
});

/** The record of a domain outside the cluster's domain needs a public hosted zone; some partitions have none. */
export const shardNeedsPublicHostedZones = rule(["routerShards", "region"], ({ routerShards, region }) =>
  eachShard(routerShards, ({ zoneId }) =>
    zoneId === undefined || partitionOf(region).publicZones
      ? []
      : [
          {
            wrong: `zoneId is set, but Route 53 has no public hosted zones in ${region}`,
            allowed: "no zoneId in this region; you write the record yourself",
            fix: "remove zoneId",
          },
        ],
  ),
);

/** The cluster writes the records below its own domain; a second writer would overwrite them. */
export const shardRecordHasOneWriter = rule(["routerShards", "clusterName", "baseDomain", "dnsManagement"], (facts) => {
  const { routerShards, clusterName, baseDomain, dnsManagement } = facts;
  const clusterDomain = `${clusterName}.${baseDomain}`;
  return eachShard(routerShards, ({ domain, zoneId, waf }) =>
    zoneId === undefined || waf !== undefined || dnsManagement === "user" || !isBelow(domain, clusterDomain)
      ? []
      : [
          {
            wrong: `zoneId is set, but ${domain} is below ${clusterDomain}, where the cluster itself writes the record`,
            allowed: "zoneId only for a domain outside the cluster's domain, or with waf",
            fix: "remove zoneId",
          },
        ],
  );
});
