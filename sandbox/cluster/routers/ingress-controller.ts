import type { KubeObject } from "../api";
import type { condition } from "../operators";

/** How a router is published (openshift/api, `operator/v1/types_ingress.go`, release-4.19: EndpointPublishingStrategy). */
export interface Strategy {
  type: "LoadBalancerService" | "HostNetwork" | "Private" | "NodePortService";
  loadBalancer?: {
    scope: "Internal" | "External";
    dnsManagementPolicy?: "Managed" | "Unmanaged";
    allowedSourceRanges?: string[];
    providerParameters?: {
      type: "AWS";
      aws?: {
        type: "NLB" | "Classic";
        networkLoadBalancer?: { subnets?: Subnets; eipAllocations?: string[] };
        classicLoadBalancer?: { subnets?: Subnets; connectionIdleTimeout?: string };
      };
    };
  };
}

export interface Subnets {
  ids?: string[];
  names?: string[];
}

interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
}

export interface IngressController extends KubeObject {
  spec: {
    domain?: string;
    replicas?: number;
    endpointPublishingStrategy?: Strategy;
    nodePlacement?: { nodeSelector?: { matchLabels?: Record<string, string> }; tolerations?: Toleration[] };
  };
  status?: { conditions?: Parameters<typeof condition>[0] };
}

/** Facts about the cluster that decide about its routers. */
export interface IngressFacts {
  /** `apps.<cluster>.<base domain>` */
  readonly appsDomain: string;
  /** `<cluster>.<base domain>` */
  readonly clusterDomain: string;
  /** Whether the router runs on workers or on control plane nodes (Ingress `cluster`, `status.defaultPlacement`). */
  readonly placement: "Workers" | "ControlPlane";
  /** Whether the cluster's topology for the nodes of `placement` is SingleReplica. A router then has one replica by default. */
  readonly singleReplica: boolean;
  /** Type of the load balancer of a router that names no type. */
  readonly balancerType: "NLB" | "Classic";
  readonly resourceTags: readonly { readonly key: string; readonly value: string }[];
  /** Whether DNS `cluster` names a hosted zone. */
  readonly hasZones: boolean;
}

/** The label by which a router's Deployment and Service find its pods. */
export const routerLabel = "ingresscontroller.operator.openshift.io/deployment-ingresscontroller";

/** The label of everything that belongs to an IngressController. */
export const ownerLabel = "ingresscontroller.operator.openshift.io/owning-ingresscontroller";

/** The strategy with its defaults (openshift/cluster-ingress-operator, `pkg/operator/controller/ingress/controller.go`, release-4.19: setDefaultPublishingStrategy). */
export function strategyOf({ spec }: IngressController, { balancerType }: IngressFacts): Strategy {
  const strategy = spec.endpointPublishingStrategy ?? { type: "LoadBalancerService" };
  if (strategy.type !== "LoadBalancerService") return strategy;
  const { loadBalancer } = strategy;
  return {
    ...strategy,
    loadBalancer: {
      scope: "External",
      dnsManagementPolicy: "Managed",
      ...loadBalancer,
      providerParameters: loadBalancer?.providerParameters ?? { type: "AWS", aws: { type: balancerType } },
    },
  };
}

export function domainOf({ spec }: IngressController, { appsDomain }: IngressFacts): string {
  return spec.domain ?? appsDomain;
}

/** Whether the operator writes a router's records: only if DNS `cluster` names zones, and only for domains below the cluster's domain. */
export function writesRecords(controller: IngressController, facts: IngressFacts): boolean {
  const { type, loadBalancer } = strategyOf(controller, facts);
  const managed = type === "LoadBalancerService" && loadBalancer?.dnsManagementPolicy !== "Unmanaged";
  return facts.hasZones && managed && domainOf(controller, facts).endsWith(`.${facts.clusterDomain}`);
}
