import type { IngressController, IngressFacts, Strategy } from "../../../../../sandbox/cluster/routers/ingress-controller";

export const facts: IngressFacts = {
  appsDomain: "apps.dev.okd.example.com",
  clusterDomain: "dev.okd.example.com",
  placement: "Workers",
  singleReplica: false,
  balancerType: "Classic",
  resourceTags: [],
  hasZones: true,
};

export function controller(spec: IngressController["spec"] = {}, name = "default"): IngressController {
  return { apiVersion: "operator.openshift.io/v1", kind: "IngressController", metadata: { name }, spec };
}

/** A controller with this load balancer. */
export function balanced(loadBalancer: Strategy["loadBalancer"]): IngressController {
  return controller({ endpointPublishingStrategy: { type: "LoadBalancerService", loadBalancer } });
}
