import { createPrivateKey } from "node:crypto";
import { balancerType } from "./settings";
import { type KeyProblem, removeEntryCommand, setCommand, setSecretEntryCommand } from "../problem";
import type { ShardSettings } from "./keys";
import { hasFeature, sinceOf } from "../releases/facts";
import { type Minor, minorName } from "../releases/minor";
import { minorOf } from "../releases/version";
import { ownValue } from "../../lib/own-value";
import { readCertificates } from "../pem";
import { rule } from "../rule";
import type { Warning } from "../warning";
import { eachShard } from "./rules";
import { formatPrivateKey } from "../private-key";
import { httpsIsProxied } from "../proxy/fields";

type ShardProblems = Omit<KeyProblem, "key">[];

export const shardBalancersFit = rule(["routerShards", "release"], ({ routerShards, release }) =>
  eachShard(routerShards, (shard) => (shard.waf ? wafProblems(shard) : balancerProblems(shard, minorOf(release)))),
);

function balancerProblems(shard: ShardSettings, minor: Minor): ShardProblems {
  const { scope, subnetIds, eipAllocationIds, idleTimeout } = shard;
  const type = balancerType(shard);
  const problems: ShardProblems = [];
  if (type === "NLB" && scope === "Internal")
    problems.push({
      wrong: "loadBalancer is NLB with scope Internal; a pod whose request to a route comes back to its own node would get no answer",
      allowed: "Classic for Internal",
      fix: "remove loadBalancer",
    });
  if (type === "NLB" && idleTimeout !== undefined)
    problems.push({
      wrong: "idleTimeout is set, but an NLB has no such setting",
      allowed: "idleTimeout only with Classic",
      fix: "remove idleTimeout",
    });
  if (eipAllocationIds.length > 0 && (type !== "NLB" || scope !== "External" || eipAllocationIds.length !== subnetIds.length))
    problems.push({
      wrong: `eipAllocationIds has ${eipAllocationIds.length} entries for ${subnetIds.length} subnetIds, and the load balancer is ${type}, ${scope}`,
      allowed: "one for each of subnetIds, only with an external NLB",
      fix: "give subnetIds and eipAllocationIds the same number of entries",
    });
  if (!hasFeature(minor, "router-subnets") && subnetIds.length + eipAllocationIds.length > 0)
    problems.push({
      wrong: `subnetIds or eipAllocationIds is set, which ${minorName(minor)} does not support`,
      allowed: `only with release ${sinceOf("router-subnets")} or later`,
      fix: "remove subnetIds and eipAllocationIds, and tag the subnets for the load balancer",
    });
  return problems;
}

/** With waf, this program creates the load balancer, so fields for the cluster's load balancer have no effect. */
function wafProblems(shard: ShardSettings): ShardProblems {
  const { scope, infraNodes, zoneId, replicas = 0 } = shard;
  const problems: ShardProblems = [];
  if (scope === "Internal")
    problems.push({
      wrong: "waf is set, but scope is Internal; a load balancer with WAF is internet-facing",
      allowed: "waf only with scope External",
      fix: "remove waf",
    });
  if (infraNodes.length === 0)
    problems.push({
      wrong: "waf is set without infraNodes; the load balancer sends requests to the router's ports on these nodes",
      allowed: "one or more infra nodes",
      fix: 'add infraNodes, for instance ["infra-0","infra-1"], and set infraCount to their number or more',
    });
  if (zoneId === undefined)
    problems.push({
      wrong: "waf is set without zoneId; the shard's DNS names and the validation of its certificate need records in a public hosted zone",
      allowed: "the ID of the public hosted zone that contains the shard's domain",
      fix: "add zoneId",
    });
  if (replicas > infraNodes.length && infraNodes.length > 0)
    problems.push({
      wrong: `replicas is ${replicas}, but each of the ${infraNodes.length} infraNodes runs only one router pod`,
      allowed: `at most ${infraNodes.length}`,
      fix: "remove replicas",
    });
  const unused = (["loadBalancer", "allowedSourceRanges", "subnetIds", "eipAllocationIds", "idleTimeout"] as const).filter((field) => {
    const value = shard[field];
    return Array.isArray(value) ? value.length > 0 : value !== undefined;
  });
  if (unused.length > 0)
    problems.push({
      wrong: `${unused.join(", ")} would have no effect with waf, which has its own load balancer`,
      allowed: "waf.allowedRanges to limit who reaches it",
      fix: `remove ${unused.join(", ")}`,
    });
  return problems;
}

/** The infra nodes of a shard must exist, and no two routers may listen on the ports of the same node. */
export const shardInfraNodesExist = rule(["routerShards", "infraCount"], ({ routerShards, infraCount }) =>
  eachShard(routerShards, ({ name, infraNodes, waf }) => {
    const missing = infraNodes.filter((node) => Number(node.slice("infra-".length)) >= infraCount);
    if (missing.length > 0) {
      const wanted = 1 + Math.max(...infraNodes.map((node) => Number(node.slice("infra-".length))));
      return [
        {
          wrong: `infraNodes names ${missing.join(", ")}, but infraCount is ${infraCount}`,
          allowed: infraCount === 0 ? "none, because there are no infra nodes" : `infra-0 to infra-${infraCount - 1}`,
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
            wrong: `infraNodes shares nodes with ${sharing.name}; both routers would listen on ports 443 and 1936`,
            allowed: "separate infra nodes for each shard with waf",
            fix: "use other infra nodes",
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
            allowed: "Internal in a network without public subnets",
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
 * The certificate must match its key and the shard's domain. Dates are not checked: an expired certificate must not stop the `pulumi up`
 * that replaces it.
 */
export const shardCertificatesFit = rule(["routerShards", "routerCertificateKeys"], ({ routerShards, routerCertificateKeys }) => {
  const problems = eachShard(routerShards, ({ name, domain, certificate }) => {
    if (certificate === undefined) return [];
    const host = `route.${domain}`;
    const key = ownValue(routerCertificateKeys, name);
    const [leaf] = readCertificates(certificate);
    const found: ShardProblems = [];
    if (leaf.checkHost(host, { subject: "never" }) === undefined)
      found.push({
        wrong: `certificate is not for *.${domain}, but for ${leaf.subjectAltName ?? "no name"}`,
        allowed: `a certificate for *.${domain}, as the first certificate in the text`,
        fix: "set the certificate of the shard's domain",
      });
    if (key === undefined)
      found.push({
        wrong: `has a certificate, but routerCertificateKeys has no entry ${name}`,
        allowed: "a certificate with its private key",
        fix: setSecretEntryCommand("routerCertificateKeys", name, "key"),
      });
    else if (!leaf.checkPrivateKey(createPrivateKey(formatPrivateKey(key))))
      found.push({
        wrong: "certificate does not match its key in routerCertificateKeys",
        allowed: "a certificate with its own private key",
        fix: setSecretEntryCommand("routerCertificateKeys", name, "key"),
      });
    return found;
  });
  const unused = Object.keys(routerCertificateKeys).filter(
    (name) => !routerShards.some((shard) => shard.name === name && shard.certificate !== undefined),
  );
  return [
    ...problems,
    ...unused.map((name) => ({
      key: "routerCertificateKeys",
      wrong: `has an entry ${name}, but there is no shard of that name with a certificate`,
      allowed: "keys of the shards' certificates",
      fix: removeEntryCommand("routerCertificateKeys", name),
    })),
  ];
});

/**
 * The ingress, authentication and console operators call the default router through the proxy, unless noProxy contains its names
 * (openshift/cluster-ingress-operator, pkg/operator/controller/canary/http.go: http.ProxyFromEnvironment).
 */
export const proxyReachesDefaultRouter = rule<"defaultRouterAllowedSourceRanges" | "httpsProxy" | "noProxy" | "publish", Warning>(
  ["defaultRouterAllowedSourceRanges", "httpsProxy", "noProxy", "publish"],
  ({ defaultRouterAllowedSourceRanges: ranges, httpsProxy, noProxy, publish }) => {
    if (ranges.length === 0 || !httpsIsProxied({ httpsProxy, noProxy }) || publish !== "External") return [];
    return [
      {
        key: "defaultRouterAllowedSourceRanges",
        text:
          "The cluster's operators call the routes of the console and the login through the proxy, so the load balancer sees the proxy's public address. " +
          "If the list does not contain this address, these operators become degraded.",
        fix: "add the proxy's public address to defaultRouterAllowedSourceRanges",
      },
    ];
  },
);
