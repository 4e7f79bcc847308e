import { ownValue } from "../../lib/own-value";
import { type Placement, servicePlacement, type Toleration } from "../machines/settings";
import { rewriteCertificates } from "../pem";
import { formatTlsKey } from "../private-key";
import type { Settings } from "../schema";
import { Secret } from "../secret";
import { syslogOf, TOLERATION } from "./fields";
import type { ShardSettings } from "./keys";
import { type LabelSelector, type Requirement, requirementsOf } from "./label-selector";

/** Settings of the default router and the router shards. */
export interface Routers {
  readonly default: DefaultRouter;
  readonly shards: readonly RouterShard[];
}

/** Settings of the default router. An undefined setting keeps the cluster's default. */
export interface DefaultRouter {
  readonly replicas?: number;
  readonly placement: Placement;
  readonly allowedSourceRanges: readonly string[];
  readonly accessLogging?: AccessLogging;
  /** Whether the shard's load balancer is internet-facing, as chosen for the installation by `publish`. */
  readonly scope: Scope;
}

/** Default number of pods of a router, so that one may fail (openshift/cluster-ingress-operator, `DetermineReplicas`). */
const REPLICAS = 2;

export type Scope = "External" | "Internal";

export type AccessLogging = { readonly type: "Container" } | { readonly type: "Syslog"; readonly address: string; readonly port: number };

export interface RouterShard {
  readonly name: string;
  readonly domain: string;
  readonly scope: Scope;
  readonly replicas: number;
  readonly namespaceSelector: LabelSelector;
  /** The only requirement of namespaceSelector. The default router excludes the namespaces that meet this requirement. */
  readonly namespaces: Requirement;
  readonly routeSelector: LabelSelector;
  readonly placement: Placement;
  /** Names of the infra nodes on which the shard's router runs; if empty, `placement` decides. */
  readonly infraNodes: readonly string[];
  readonly publishing: Publishing;
  /** Who writes the DNS record of the shard's domain. */
  readonly record: ShardRecord;
  readonly certificate?: { readonly chain: string; readonly key: Secret };
  readonly accessLogging?: AccessLogging;
  readonly hsts?: { readonly maxAge: number; readonly includeSubDomains: boolean; readonly preload: boolean };
  /** Seconds. */
  readonly timeouts: { readonly client?: number; readonly server?: number; readonly tunnel?: number };
  readonly forwardedHeaderPolicy?: "Append" | "Replace" | "IfNone" | "Never";
  readonly tlsProfile?: "Old" | "Intermediate" | "Modern";
  readonly namespaceOwnership?: "Strict" | "InterNamespaceAllowed";
  readonly wildcardRoutes: boolean;
}

/**
 * How clients reach a router: through a load balancer that the cluster creates, or through a load balancer with WAF that this program
 * creates.
 */
export type Publishing = ({ readonly kind: "balancer" } & ShardBalancer) | ({ readonly kind: "waf" } & WafConfiguration);

export interface ShardBalancer {
  readonly type: "NLB" | "Classic";
  readonly allowedSourceRanges: readonly string[];
  readonly subnetIds: readonly string[];
  readonly eipAllocationIds: readonly string[];
  /** Seconds; Classic only. */
  readonly idleTimeout?: number;
}

export interface WafConfiguration {
  /** ARN of an ACM certificate; if undefined, the program requests and validates one. */
  readonly certificateArn?: string;
  readonly allowedRanges: readonly string[];
  readonly ruleGroups: readonly string[];
  /** Maximum requests of one address in five minutes. */
  readonly rateLimit?: number;
  readonly alwaysAllowed: readonly string[];
  readonly blocked: readonly string[];
  /** ID of the public hosted zone for the shard's DNS names. */
  readonly zoneId: string;
}

/**
 * `cluster`: the ingress operator writes the record, below the cluster's domain. `zone`: this program writes it, in the given zone. `user`:
 * the user writes it.
 */
export type ShardRecord = { readonly by: "cluster" | "user" } | { readonly by: "zone"; readonly zoneId: string };

export function routers(settings: Settings): Routers {
  const { defaultRouterReplicas: replicas, defaultRouterAccessLogging: logging, routerShards, routerCertificateKeys } = settings;
  return {
    default: {
      ...(replicas > 0 && { replicas }),
      placement: defaultPlacement(settings),
      allowedSourceRanges: settings.defaultRouterAllowedSourceRanges,
      ...(logging !== "" && { accessLogging: accessLogging(logging) }),
      scope: settings.publish,
    },
    shards: routerShards.map((shard) => routerShard(shard, `${settings.clusterName}.${settings.baseDomain}`, routerCertificateKeys)),
  };
}

function defaultPlacement(settings: Settings): Placement {
  const { defaultRouterNodeSelector: selected, defaultRouterTolerations: tolerated, defaultRouterReplicas: replicas } = settings;
  const given = Object.keys(selected).length > 0 || tolerated.length > 0;
  return (given ? undefined : servicePlacement(settings, replicas || REPLICAS)) ?? placement(selected, tolerated);
}

/**
 * Whether a domain is below another. Below the cluster's own domain, the ingress operator writes the DNS records
 * (openshift/cluster-ingress-operator, `manageDNSForDomain`).
 */
export function isBelow(domain: string, clusterDomain: string): boolean {
  return domain.endsWith(`.${clusterDomain}`);
}

function routerShard(shard: ShardSettings, clusterDomain: string, keys: Readonly<Record<string, string>>): RouterShard {
  const { name, domain, scope, infraNodes, zoneId, certificate, hsts, forwardedHeaderPolicy, tlsProfile, namespaceOwnership, waf } = shard;
  const namespaceSelector = selector(shard.namespaceSelector);
  const key = ownValue(keys, name);
  const policy = forwardedHeaderPolicy ?? (waf && "IfNone");
  return {
    name,
    domain,
    scope,
    replicas: shard.replicas ?? (waf ? infraNodes.length : REPLICAS),
    namespaceSelector,
    namespaces: requirementsOf(namespaceSelector)[0],
    routeSelector: selector(shard.routeSelector),
    placement: placement(shard.nodeSelector, shard.tolerations),
    infraNodes,
    publishing: waf && zoneId !== undefined ? { kind: "waf", ...wafConfiguration(waf, zoneId) } : { kind: "balancer", ...balancer(shard) },
    record: zoneId === undefined ? { by: isBelow(domain, clusterDomain) ? "cluster" : "user" } : { by: "zone", zoneId },
    ...(certificate !== undefined &&
      key !== undefined && { certificate: { chain: rewriteCertificates(certificate), key: new Secret(formatTlsKey(key)) } }),
    ...(shard.accessLogging !== undefined && { accessLogging: accessLogging(shard.accessLogging) }),
    ...(hsts && { hsts }),
    timeouts: {
      ...(shard.clientTimeout !== undefined && { client: shard.clientTimeout }),
      ...(shard.serverTimeout !== undefined && { server: shard.serverTimeout }),
      ...(shard.tunnelTimeout !== undefined && { tunnel: shard.tunnelTimeout }),
    },
    ...(policy && { forwardedHeaderPolicy: policy }),
    ...(tlsProfile && { tlsProfile }),
    ...(namespaceOwnership && { namespaceOwnership }),
    wildcardRoutes: shard.wildcardRoutes,
  };
}

/**
 * The type of a shard's load balancer. Behind an internal NLB, a pod whose request comes back to its own node gets no answer. Behind a
 * Classic load balancer, the router does not see the clients' addresses, so External uses NLB.
 */
export function balancerType({ loadBalancer, scope }: Pick<ShardSettings, "loadBalancer" | "scope">): "NLB" | "Classic" {
  return loadBalancer ?? (scope === "External" ? "NLB" : "Classic");
}

function balancer(shard: ShardSettings): ShardBalancer {
  const { allowedSourceRanges, subnetIds, eipAllocationIds, idleTimeout } = shard;
  return { type: balancerType(shard), allowedSourceRanges, subnetIds, eipAllocationIds, ...(idleTimeout !== undefined && { idleTimeout }) };
}

function wafConfiguration({ certificateArn, rateLimit, ...lists }: NonNullable<ShardSettings["waf"]>, zoneId: string): WafConfiguration {
  return { ...lists, zoneId, ...(certificateArn !== undefined && { certificateArn }), ...(rateLimit !== undefined && { rateLimit }) };
}

/** A label selector without its empty fields. */
export function selector({ matchLabels, matchExpressions }: ShardSettings["routeSelector"]): LabelSelector {
  return {
    ...(matchLabels && Object.keys(matchLabels).length > 0 && { matchLabels }),
    ...(matchExpressions &&
      matchExpressions.length > 0 && {
        matchExpressions: matchExpressions.map(({ key, operator, values }) => ({ key, operator, ...(values.length > 0 && { values }) })),
      }),
  };
}

function accessLogging(text: string): AccessLogging {
  return text === "Container" ? { type: "Container" } : { type: "Syslog", ...syslogOf(text) };
}

function placement(nodeSelector: Readonly<Record<string, string>>, tolerations: readonly string[]): Placement {
  return { nodeSelector, tolerations: tolerations.map(toleration) };
}

function toleration(text: string): Toleration {
  const { key, value, effect } = TOLERATION.exec(text)?.groups as unknown as Required<Toleration>;
  return { key, effect, ...((value as string | undefined) !== undefined && { value }) };
}
