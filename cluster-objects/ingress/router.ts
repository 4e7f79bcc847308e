import { INFRA_ROLE, type Placement } from "../../config/machines/settings";
import type { AccessLogging, RouterShard, ShardBalancer } from "../../config/ingress/settings";
import type { ApiObject } from "../object";
import { tolerationsOf } from "../tolerations";

/** Namespace of the ingress controllers, and namespace of their routers and Services. */
export const OPERATOR_NAMESPACE = "openshift-ingress-operator";
export const ROUTER_NAMESPACE = "openshift-ingress";

/** Label of the nodes on which a shard's router runs, if the shard names infra nodes. */
export const ROUTER_NODE_LABEL = "okd-aws/router";

/** The IngressController of a router shard. */
export function shardRouter(shard: RouterShard): ApiObject {
  const { name, domain, replicas, namespaceSelector, routeSelector, certificate, tlsProfile } = shard;
  const placement = placementOf(shard.placement, shard.infraNodes.length > 0 ? name : undefined);
  const tuning = tuningOf(shard.timeouts);
  const headers = shard.forwardedHeaderPolicy && { forwardedHeaderPolicy: shard.forwardedHeaderPolicy };
  const admission = {
    ...(shard.namespaceOwnership && { namespaceOwnership: shard.namespaceOwnership }),
    ...(shard.wildcardRoutes && { wildcardPolicy: "WildcardsAllowed" }),
  };
  return {
    apiVersion: "operator.openshift.io/v1",
    kind: "IngressController",
    metadata: { name, namespace: OPERATOR_NAMESPACE },
    spec: {
      domain,
      replicas,
      namespaceSelector,
      ...(Object.keys(routeSelector).length > 0 && { routeSelector }),
      endpointPublishingStrategy: publishingOf(shard),
      ...(placement && { nodePlacement: placement }),
      ...(certificate && { defaultCertificate: { name: certificateSecretName(name) } }),
      ...(shard.accessLogging && { logging: loggingOf(shard.accessLogging) }),
      ...(headers && { httpHeaders: headers }),
      ...(tuning && { tuningOptions: tuning }),
      ...(Object.keys(admission).length > 0 && { routeAdmission: admission }),
      ...(tlsProfile && { tlsSecurityProfile: { type: tlsProfile, [tlsProfile.toLowerCase()]: {} } }),
    },
  };
}

/** Fields that the ingress operator does not change in an existing router. If one of them changes, this program replaces the shard. */
export const FIXED_ROUTER_FIELDS = [
  "spec.domain",
  "spec.endpointPublishingStrategy.type",
  "spec.endpointPublishingStrategy.loadBalancer.scope",
  "spec.endpointPublishingStrategy.loadBalancer.providerParameters.aws.type",
  "spec.endpointPublishingStrategy.loadBalancer.providerParameters.aws.networkLoadBalancer",
  "spec.endpointPublishingStrategy.loadBalancer.providerParameters.aws.classicLoadBalancer.subnets",
] as const;

/** The Secret with a router's certificate and key, both in PEM format; the key may be an output. */
export function routerCertificateSecret(shard: string, chain: string, key: unknown): ApiObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: certificateSecretName(shard), namespace: ROUTER_NAMESPACE },
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": chain, "tls.key": key },
  };
}

function certificateSecretName(shard: string): string {
  return `okd-aws-router-${shard}`;
}

/** Name of the Service that the ingress operator creates for a router. */
export function routerServiceName(shard: string): string {
  return `router-${shard}`;
}

function publishingOf({ publishing, scope, record }: RouterShard): object {
  if (publishing.kind === "waf")
    return { type: "HostNetwork", hostNetwork: { httpPort: 80, httpsPort: 443, statsPort: 1936, protocol: "TCP" } };
  return {
    type: "LoadBalancerService",
    loadBalancer: {
      scope,
      dnsManagementPolicy: record.by === "cluster" ? "Managed" : "Unmanaged",
      ...rangesOf(publishing.allowedSourceRanges),
      providerParameters: { type: "AWS", aws: { type: publishing.type, ...parametersOf(publishing) } },
    },
  };
}

function parametersOf({ type, subnetIds, eipAllocationIds, idleTimeout }: ShardBalancer): object {
  const parameters = {
    ...(idleTimeout !== undefined && { connectionIdleTimeout: `${idleTimeout}s` }),
    ...(subnetIds.length > 0 && { subnets: { ids: subnetIds } }),
    ...(eipAllocationIds.length > 0 && { eipAllocations: eipAllocationIds }),
  };
  if (Object.keys(parameters).length === 0) return {};
  return type === "NLB" ? { networkLoadBalancer: parameters } : { classicLoadBalancer: parameters };
}

function rangesOf(ranges: readonly string[]): { readonly allowedSourceRanges?: readonly string[] } {
  return ranges.length === 0 ? {} : { allowedSourceRanges: ranges };
}

/** @param named name of a shard; if given, the router runs only on nodes with this shard's label */
export function placementOf({ nodeSelector, tolerations }: Placement, named?: string): object | undefined {
  const matchLabels = { ...nodeSelector, ...(named !== undefined && { [ROUTER_NODE_LABEL]: named }) };
  const allTolerations = tolerationsOf([...(named === undefined ? [] : [{ key: INFRA_ROLE }]), ...tolerations]);
  if (Object.keys(matchLabels).length === 0 && allTolerations.length === 0) return undefined;
  return {
    ...(Object.keys(matchLabels).length > 0 && { nodeSelector: { matchLabels } }),
    ...(allTolerations.length > 0 && { tolerations: allTolerations }),
  };
}

export function loggingOf(logging: AccessLogging): object {
  if (logging.type === "Container") return { access: { destination: { type: "Container" } } };
  return { access: { destination: { type: "Syslog", syslog: { address: logging.address, port: logging.port } } } };
}

function tuningOf({ client, server, tunnel }: RouterShard["timeouts"]): object | undefined {
  const tuning = {
    ...(client !== undefined && { clientTimeout: `${client}s` }),
    ...(server !== undefined && { serverTimeout: `${server}s` }),
    ...(tunnel !== undefined && { tunnelTimeout: `${tunnel}s` }),
  };
  return Object.keys(tuning).length === 0 ? undefined : tuning;
}
