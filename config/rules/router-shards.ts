import { isBelow, selector } from "../platform/router-shards";
import type { ShardSettings } from "../keys/router-shards";
import { disjoint, requirementsOf } from "../label-selector";
import type { Finding } from "../finding";
import { partitionOf } from "../partition";
import { rule } from "../rule";

/** Every namespace has this label, with its own name for a value (Kubernetes, "Automatic labelling"). */
const NAMESPACE_NAME = "kubernetes.io/metadata.name";

/** Labels that the platform's own namespaces have, or may come to have. */
const PLATFORM_LABEL = /^([a-z0-9.-]+\.)?(kubernetes\.io|k8s\.io|openshift\.io)\//;
const PLATFORM_NAMESPACE = /^(default|openshift|kube-.*|openshift-.*)$/;

/** A whole name has at most 253 characters (RFC 1035), and a route's own label with its dot 64. */
const LONGEST_DOMAIN = 253 - 64;

/** What is wrong with single shards, each with its place in the list. */
export function eachShard(shards: readonly ShardSettings[], flawsOf: (shard: ShardSettings) => readonly Omit<Finding, "key">[]): Finding[] {
  return shards.flatMap((shard, index) =>
    flawsOf(shard).map((flaw) => ({ ...flaw, key: "routerShards", wrong: `item ${index + 1} (${shard.name}): ${flaw.wrong}` })),
  );
}

/** Two routers that admit one route fight for its status, and answer for it twice. */
export const shardsAreDisjoint = rule(["routerShards"], ({ routerShards }) =>
  routerShards.flatMap((one, first) =>
    routerShards.slice(first + 1).flatMap((other, offset): Finding[] => {
      const namespaces = [one, other].map((shard) => selector(shard.namespaceSelector));
      const routes = [one, other].map((shard) => selector(shard.routeSelector));
      if (disjoint(namespaces, [NAMESPACE_NAME]) || disjoint(routes)) return [];
      return [
        {
          key: "routerShards",
          wrong: `items ${first + 1} (${one.name}) and ${first + offset + 2} (${other.name}) could admit the same route: neither their namespaceSelector nor their routeSelector keeps them apart`,
          allowed: "shards of which at most one can select any route",
          fix: "give the two different values of one label, in both namespaceSelectors or in both routeSelectors",
        },
      ];
    }),
  ),
);

/**
 * The default router leaves out what a shard selects, in the one selector that it has: so the shard's namespaces have to be told by one label that
 * is there. What is selected by a label's absence would be the platform's own namespaces, too.
 */
export const shardNamespacesAreItsOwn = rule(["routerShards"], ({ routerShards }) =>
  eachShard(routerShards, ({ namespaceSelector }) => {
    const allowed = "one label: an entry of matchLabels, or an expression with In or Exists";
    const requirements = requirementsOf(selector(namespaceSelector));
    if (requirements.length !== 1) {
      return [
        {
          wrong: `namespaceSelector asks for ${requirements.length} labels, and what it selects couldn't be left out by the default router`,
          allowed,
          fix: "give the shard's namespaces one label of their own",
        },
      ];
    }
    const [{ key, operator, values = [] }] = requirements;
    if (operator !== "In" && operator !== "Exists")
      return [
        { wrong: `namespaceSelector selects by ${operator}, so also the platform's own namespaces`, allowed, fix: "write In or Exists" },
      ];
    if (key !== NAMESPACE_NAME && PLATFORM_LABEL.test(key))
      return [{ wrong: `namespaceSelector selects by ${key}, a label of the platform's own`, allowed, fix: "use a label of your own" }];
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
            wrong: `namespaceSelector selects ${platform}, the platform's own with it`,
            allowed: "namespaces of your own",
            fix: "take it out",
          },
        ];
  }),
);

export const shardRoutesExist = rule(["routerShards"], ({ routerShards }) =>
  eachShard(routerShards, ({ routeSelector }) =>
    disjoint([selector(routeSelector)])
      ? [
          {
            wrong: "routeSelector selects nothing: its requirements exclude each other",
            allowed: "requirements that a route can meet",
            fix: "take one of them out",
          },
        ]
      : [],
  ),
);

export const shardDomainsLieApart = rule(["routerShards", "clusterName", "baseDomain"], ({ routerShards, clusterName, baseDomain }) => {
  const clusterDomain = `${clusterName}.${baseDomain}`;
  const apps = `apps.${clusterDomain}`;
  const domains = routerShards.map(({ domain }) => domain);
  return eachShard(routerShards, ({ domain, name }) => {
    const allowed = `a domain of its own, such as ${name}.${clusterDomain}`;
    const fix = `set its domain to ${name}.${clusterDomain}`;
    if (domain === apps || isBelow(domain, apps)) return [{ wrong: `domain ${domain} is the default router's`, allowed, fix }];
    if (domain === clusterDomain) return [{ wrong: `domain ${domain} is the cluster's own, where the API has its names`, allowed, fix }];
    if (domain.length > LONGEST_DOMAIN)
      return [{ wrong: `domain has ${domain.length} characters`, allowed: `at most ${LONGEST_DOMAIN} characters`, fix: "shorten it" }];
    const first = domains.indexOf(domain);
    return routerShards[first].name === name ? [] : [{ wrong: `domain ${domain} is that of item ${first + 1}, too`, allowed, fix }];
  });
});

/** The record of a domain outside the cluster's is in a public zone, which some partitions don't have. */
export const shardZonesCanExist = rule(["routerShards", "region"], ({ routerShards, region }) =>
  eachShard(routerShards, ({ zoneId }) =>
    zoneId === undefined || partitionOf(region).publicZones
      ? []
      : [
          {
            wrong: `zoneId is set, but Route 53 has no public hosted zones in ${region}`,
            allowed: "no zoneId there; its record is for you to write",
            fix: "take zoneId out",
          },
        ],
  ),
);

/** Below its own domain the cluster writes the record; a second writer would take it away. */
export const shardRecordHasOneWriter = rule(["routerShards", "clusterName", "baseDomain", "dnsManagement"], (facts) => {
  const { routerShards, clusterName, baseDomain, dnsManagement } = facts;
  const clusterDomain = `${clusterName}.${baseDomain}`;
  return eachShard(routerShards, ({ domain, zoneId, waf }) =>
    zoneId === undefined || waf !== undefined || dnsManagement === "user" || !isBelow(domain, clusterDomain)
      ? []
      : [
          {
            wrong: `zoneId is set, but ${domain} is below ${clusterDomain}, where the cluster itself writes the record`,
            allowed: "a zone for a domain outside the cluster's, or for a WAF's names",
            fix: "take zoneId out",
          },
        ],
  );
});
