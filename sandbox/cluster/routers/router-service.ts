import type { KubeObject } from "../api";
import {
  type IngressController,
  type IngressFacts,
  ownerLabel,
  routerLabel,
  type Strategy,
  strategyOf,
  type Subnets,
} from "./ingress-controller";

/** A router's Service, with the load balancer that the cloud controller has created for it. */
export interface RouterService extends KubeObject {
  spec: { ports: { port: number; nodePort?: number }[]; healthCheckNodePort?: number; loadBalancerSourceRanges?: string[] };
  status?: { loadBalancer?: { ingress?: { hostname?: string }[] } };
}

const prefix = "service.beta.kubernetes.io/aws-load-balancer-";

/** Annotations that the operator writes only when it creates a Service: they can't be changed later. */
const creationAnnotations = ["type", "subnets", "eip-allocations", "internal"].map((name) => `${prefix}${name}`);

/**
 * The Service of a router with a load balancer (openshift/cluster-ingress-operator, `pkg/operator/controller/ingress/load_balancer_service.go` and
 * `pkg/manifests/assets/router/service-cloud.yaml`, release-4.19).
 *
 * @param owner the router's Deployment
 */
export function routerService(controller: IngressController, facts: IngressFacts, owner: KubeObject): KubeObject {
  const { name = "" } = controller.metadata;
  const strategy = strategyOf(controller, facts);
  const ranges = strategy.loadBalancer?.allowedSourceRanges ?? [];
  const { apiVersion, kind, metadata } = owner;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: `router-${name}`,
      namespace: "openshift-ingress",
      labels: { app: "router", router: `router-${name}`, [ownerLabel]: name },
      annotations: annotationsFor(strategy, facts.resourceTags),
      ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true }],
    },
    spec: {
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      internalTrafficPolicy: "Cluster",
      sessionAffinity: "None",
      selector: { [routerLabel]: name },
      ...(ranges.length > 0 && { loadBalancerSourceRanges: ranges }),
      ports: [
        { name: "http", port: 80, protocol: "TCP", targetPort: "http" },
        { name: "https", port: 443, protocol: "TCP", targetPort: "https" },
      ],
    },
  };
}

function annotationsFor({ loadBalancer }: Strategy, tags: IngressFacts["resourceTags"]): Record<string, string> {
  const aws = loadBalancer?.providerParameters?.aws;
  const network = aws?.type === "NLB";
  const subnets = joined(network ? aws.networkLoadBalancer?.subnets : aws?.classicLoadBalancer?.subnets);
  const addresses = aws?.networkLoadBalancer?.eipAllocations ?? [];
  const idle = /^(\d+)s$/.exec(aws?.classicLoadBalancer?.connectionIdleTimeout ?? "")?.[1];
  const values = {
    internal: loadBalancer?.scope === "Internal" ? "true" : undefined,
    "healthcheck-interval": network ? "10" : "5",
    "healthcheck-timeout": "4",
    "healthcheck-unhealthy-threshold": "2",
    "healthcheck-healthy-threshold": "2",
    type: network ? "nlb" : undefined,
    "proxy-protocol": network ? undefined : "*",
    subnets: subnets === "" ? undefined : subnets,
    "eip-allocations": network && addresses.length > 0 ? addresses.join(",") : undefined,
    "connection-idle-timeout": network || idle === "0" ? undefined : idle,
    "additional-resource-tags": tags.length > 0 ? tags.map(({ key, value }) => `${key}=${value}`).join(",") : undefined,
  };
  const annotations = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[`${prefix}${name}`, value]]));
  return {
    ...(Object.fromEntries(annotations) as Record<string, string>),
    "traffic-policy.network.alpha.openshift.io/local-with-fallback": "",
  };
}

function joined({ ids = [], names = [] }: Subnets = {}): string {
  return [...ids, ...names].join(",");
}

/**
 * `service`: the wanted Service, in which the annotations that can't be changed have the values of the present Service.
 * `changed`: the names of these annotations whose wanted value differs from the present value.
 */
export function keptAnnotations(wanted: KubeObject, present: KubeObject | undefined): { service: KubeObject; changed: string[] } {
  if (present === undefined) return { service: wanted, changed: [] };
  const [own, kept] = [wanted.metadata.annotations ?? {}, present.metadata.annotations ?? {}];
  const changed = creationAnnotations.filter((name) => own[name] !== kept[name]);
  const annotations = Object.fromEntries([
    ...Object.entries(own).filter(([name]) => !creationAnnotations.includes(name)),
    ...Object.entries(kept).filter(([name]) => creationAnnotations.includes(name)),
  ]);
  return { service: { ...wanted, metadata: { ...wanted.metadata, annotations } }, changed };
}

/** The load balancer's host name; undefined until the cloud controller has created the load balancer. */
export function balancerHost(service: RouterService | undefined): string | undefined {
  return service?.status?.loadBalancer?.ingress?.[0]?.hostname;
}
