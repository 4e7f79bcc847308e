import { createPrivateKey } from "node:crypto";
import { balancerType } from "../platform/router-shards";
import { type Finding, removeEntryCommand, setCommand, setSecretEntryCommand } from "../finding";
import type { ShardSettings } from "../keys/router-shards";
import { hasFeature, sinceOf } from "../releases/facts";
import { type Minor, nameOf } from "../releases/minor";
import { minorOf } from "../releases/version";
import { own } from "../own";
import { readCertificates } from "../pem";
import { rule } from "../rule";
import type { Warning } from "../warning";
import { eachShard } from "./router-shards";
import { formatPrivateKey } from "./private-key";
import { httpsIsProxied } from "./proxy";

type ShardFlaws = Omit<Finding, "key">[];

export const shardBalancersFit = rule(["routerShards", "release"], ({ routerShards, release }) =>
  eachShard(routerShards, (shard) => (shard.waf ? wafFlaws(shard) : balancerFlaws(shard, minorOf(release)))),
);

function balancerFlaws(shard: ShardSettings, minor: Minor): ShardFlaws {
  const { scope, subnetIds, eipAllocationIds, idleTimeout } = shard;
  const type = balancerType(shard);
  const flaws: ShardFlaws = [];
  if (type === "NLB" && scope === "Internal")
    flaws.push({
      wrong: "loadBalancer is NLB with the scope Internal: a pod that calls a route and is led to its own node gets no answer",
      allowed: "Classic for Internal",
      fix: "take loadBalancer out",
    });
  if (type === "NLB" && idleTimeout !== undefined)
    flaws.push({
      wrong: "idleTimeout is set, but an NLB has none that could be set",
      allowed: "idleTimeout with Classic",
      fix: "take idleTimeout out",
    });
  if (eipAllocationIds.length > 0 && (type !== "NLB" || scope !== "External" || eipAllocationIds.length !== subnetIds.length))
    flaws.push({
      wrong: `eipAllocationIds has ${eipAllocationIds.length} entries for ${subnetIds.length} subnetIds of a load balancer of type ${type}, ${scope}`,
      allowed: "one for each of subnetIds of an external NLB",
      fix: "give subnetIds and eipAllocationIds the same number of entries",
    });
  if (!hasFeature(minor, "router-subnets") && subnetIds.length + eipAllocationIds.length > 0)
    flaws.push({
      wrong: `subnetIds or eipAllocationIds is set, which ${nameOf(minor)} does not know`,
      allowed: `release ${sinceOf("router-subnets")} or later for them`,
      fix: "take them out, and tag the subnets",
    });
  return flaws;
}

/** The front is this program's; what says how the cluster makes a load balancer says nothing then. */
function wafFlaws(shard: ShardSettings): ShardFlaws {
  const { scope, infraNodes, zoneId, replicas = 0 } = shard;
  const flaws: ShardFlaws = [];
  if (scope === "Internal")
    flaws.push({
      wrong: "waf is set, but scope is Internal: the WAF's load balancer is on the internet",
      allowed: "waf with External",
      fix: "take waf out",
    });
  if (infraNodes.length === 0)
    flaws.push({
      wrong: "waf is set without infraNodes: its router listens on the ports of machines, which have to be named",
      allowed: "one or more infra machines",
      fix: 'add infraNodes, for instance ["infra-0","infra-1"], with as many in infraCount',
    });
  if (zoneId === undefined)
    flaws.push({
      wrong: "waf is set without zoneId: its names and its certificate's validation are records of a public zone",
      allowed: "the ID of the public hosted zone that its domain lies in",
      fix: "add zoneId",
    });
  if (replicas > infraNodes.length && infraNodes.length > 0)
    flaws.push({
      wrong: `replicas is ${replicas}, but one router listens on each of ${infraNodes.length} infraNodes`,
      allowed: `at most ${infraNodes.length}`,
      fix: "take replicas out",
    });
  const unused = (["loadBalancer", "allowedSourceRanges", "subnetIds", "eipAllocationIds", "idleTimeout"] as const).filter((field) => {
    const value = shard[field];
    return Array.isArray(value) ? value.length > 0 : value !== undefined;
  });
  if (unused.length > 0)
    flaws.push({
      wrong: `${unused.join(", ")} would do nothing behind a WAF, which has a load balancer of its own`,
      allowed: "waf.allowedRanges for who reaches it",
      fix: `take ${unused.join(", ")} out`,
    });
  return flaws;
}

/** Machines that a shard names are there, and no two routers listen on the ports of one. */
export const shardMachinesExist = rule(["routerShards", "infraCount"], ({ routerShards, infraCount }) =>
  eachShard(routerShards, ({ name, infraNodes, waf }) => {
    const missing = infraNodes.filter((node) => Number(node.slice("infra-".length)) >= infraCount);
    if (missing.length > 0) {
      const wanted = 1 + Math.max(...infraNodes.map((node) => Number(node.slice("infra-".length))));
      return [
        {
          wrong: `infraNodes names ${missing.join(", ")}, but infraCount is ${infraCount}`,
          allowed: infraCount === 0 ? "none: there are no infra machines" : `infra-0 to infra-${infraCount - 1}`,
          fix: setCommand("infraCount", wanted),
        },
      ];
    }
    const before = routerShards.slice(
      0,
      routerShards.findIndex((other) => other.name === name),
    );
    const sharing = waf && before.find((other) => other.waf && other.infraNodes.some((node) => infraNodes.includes(node)));
    return sharing
      ? [
          {
            wrong: `infraNodes has machines of ${sharing.name}, too: both routers would listen on ports 443 and 1936`,
            allowed: "machines of its own for each shard behind a WAF",
            fix: "name others",
          },
        ]
      : [];
  }),
);

export const externalShardsHavePublicSubnets = rule(["routerShards", "vpcId", "publicSubnetIds", "mirror"], (facts) => {
  const { routerShards, vpcId, publicSubnetIds, mirror } = facts;
  if (mirror !== "air-gapped" && (vpcId === "" || publicSubnetIds.length > 0)) return [];
  return eachShard(routerShards, ({ scope }) =>
    scope === "External"
      ? [
          {
            wrong: "scope is External, but the network has no public subnets",
            allowed: "Internal in a network without a way in from the internet",
            fix:
              mirror === "air-gapped"
                ? "set its scope to Internal"
                : `set its scope to Internal, or ${setCommand("publicSubnetIds", '["subnet-…"]')}`,
          },
        ]
      : [],
  );
});

/**
 * A certificate, its key and the shard's domain belong together. Dates are not looked at: one that has run out must not stop the `pulumi up`
 * that replaces it.
 */
export const shardCertificatesFit = rule(["routerShards", "routerCertificateKeys"], ({ routerShards, routerCertificateKeys }) => {
  const flaws = eachShard(routerShards, ({ name, domain, certificate }) => {
    if (certificate === undefined) return [];
    const host = `route.${domain}`;
    const key = own(routerCertificateKeys, name);
    const [leaf] = readCertificates(certificate);
    const found: ShardFlaws = [];
    if (leaf.checkHost(host, { subject: "never" }) === undefined)
      found.push({
        wrong: `certificate is not for *.${domain}, but for ${leaf.subjectAltName ?? "no name at all"}`,
        allowed: `a certificate of *.${domain}, first in its text`,
        fix: "give that of the shard's domain",
      });
    if (key === undefined)
      found.push({
        wrong: `has a certificate, but routerCertificateKeys has no entry ${name}`,
        allowed: "a certificate with its private key",
        fix: setSecretEntryCommand("routerCertificateKeys", name, "key"),
      });
    else if (!leaf.checkPrivateKey(createPrivateKey(formatPrivateKey(key))))
      found.push({
        wrong: "certificate does not belong to its key in routerCertificateKeys",
        allowed: "a certificate with its own private key",
        fix: setSecretEntryCommand("routerCertificateKeys", name, "key"),
      });
    return found;
  });
  const unused = Object.keys(routerCertificateKeys).filter(
    (name) => !routerShards.some((shard) => shard.name === name && shard.certificate !== undefined),
  );
  return [
    ...flaws,
    ...unused.map((name) => ({
      key: "routerCertificateKeys",
      wrong: `has an entry ${name}, but no shard of that name has a certificate`,
      allowed: "keys of the shards' certificates",
      fix: removeEntryCommand("routerCertificateKeys", name),
    })),
  ];
});

/**
 * The operators of ingress, authentication and console come to the default router through the proxy, like everything in the cluster that asks for a
 * name outside of noProxy (openshift/cluster-ingress-operator, pkg/operator/controller/canary/http.go: http.ProxyFromEnvironment).
 */
export const proxyReachesDefaultRouter = rule<"defaultRouterAllowedSourceRanges" | "httpsProxy" | "noProxy" | "publish", Warning>(
  ["defaultRouterAllowedSourceRanges", "httpsProxy", "noProxy", "publish"],
  ({ defaultRouterAllowedSourceRanges: ranges, httpsProxy, noProxy, publish }) => {
    if (ranges.length === 0 || !httpsIsProxied({ httpsProxy, noProxy }) || publish !== "External") return [];
    return [
      {
        key: "defaultRouterAllowedSourceRanges",
        text:
          "The cluster's operators ask for the routes of console and login through the proxy, so the load balancer sees the proxy's public address. " +
          "If the list does not contain it, these operators are degraded.",
        fix: "add the proxy's public address to defaultRouterAllowedSourceRanges",
      },
    ];
  },
);
