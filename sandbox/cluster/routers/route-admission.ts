import type { KubeObject } from "../api";
import { kubeTime } from "../kube-time";
import { domainOf, type IngressController, type IngressFacts } from "./ingress-controller";

/** A Route, with the fields that routers read. */
export interface ClusterRoute extends KubeObject {
  readonly spec: {
    readonly host?: string;
    readonly path?: string;
    readonly to: { readonly kind: string; readonly name: string };
    readonly port?: { readonly targetPort: string | number };
    readonly tls?: { readonly termination: string; readonly insecureEdgeTerminationPolicy?: string };
  };
  readonly status?: { readonly ingress?: readonly RouteIngress[] };
}

/** The part of a Route's status that one router writes. */
export interface RouteIngress {
  readonly routerName: string;
  readonly host?: string;
  readonly routerCanonicalHostname?: string;
  readonly wildcardPolicy?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly lastTransitionTime?: string }[];
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

/** Whether a router serves a Route (openshift/cluster-ingress-operator, `pkg/operator/controller/ingress/deployment.go`, release-4.19: ROUTE_LABELS and NAMESPACE_LABELS). */
export function selects(controller: IngressController, route: ClusterRoute, namespaceLabels: Readonly<Record<string, string>>): boolean {
  const { routeSelector, namespaceSelector } = controller.spec as { routeSelector?: Selector; namespaceSelector?: Selector };
  return matches(routeSelector, route.metadata.labels ?? {}) && matches(namespaceSelector, namespaceLabels);
}

/**
 * Whether a label selector of Kubernetes selects an object with these labels (kubernetes/apimachinery,
 * `pkg/labels/selector.go`, release-1.33: Requirement.Matches).
 */
function matches({ matchLabels = {}, matchExpressions = [] }: Selector = {}, labels: Readonly<Partial<Record<string, string>>>): boolean {
  if (!Object.entries(matchLabels).every(([key, value]) => labels[key] === value)) return false;
  return matchExpressions.every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    const listed = value !== undefined && values.includes(value);
    return operator === "In" ? listed : !listed;
  });
}

/**
 * The status of a Route after a router has decided about the Route: the router adds or removes its own entry, and leaves the entries of other
 * routers (openshift/router, `pkg/router/controller/status.go`, release-4.19). Undefined if nothing changes.
 */
export function routeStatus(
  controller: IngressController,
  facts: IngressFacts,
  route: ClusterRoute,
  selected: boolean,
): { readonly ingress: readonly RouteIngress[] } | undefined {
  const { name: routerName = "" } = controller.metadata;
  const all = route.status?.ingress ?? [];
  const own = all.find((each) => each.routerName === routerName);
  const others = all.filter((each) => each.routerName !== routerName);
  if (!selected) return own === undefined ? undefined : { ingress: others };
  if (own !== undefined && own.host === route.spec.host) return undefined;
  const admitted: RouteIngress = {
    routerName,
    host: route.spec.host,
    routerCanonicalHostname: `router-${routerName}.${domainOf(controller, facts)}`,
    wildcardPolicy: "None",
    conditions: [{ type: "Admitted", status: "True", lastTransitionTime: kubeTime() }],
  };
  return { ingress: [...others, admitted] };
}
