import type { RouterShard } from "../../config/ingress/settings";
import type { Alert } from "./prometheus-rule";

/**
 * The alert on a router shard that does not work, or does not exist. A shard is unavailable without a ready pod, load balancer or DNS record
 * (openshift/cluster-ingress-operator, `pkg/operator/controller/ingress/status.go`, computeIngressAvailableCondition, release-4.19). For the
 * default router OpenShift has a critical alert: ClusterOperatorDown of the operator `ingress`, which looks only at that router
 * (`pkg/operator/controller/status/controller.go`, computeOperatorAvailableCondition). Its alerts on every router, IngressControllerUnavailable
 * and IngressControllerDegraded, are warnings (`manifests/0000_90_ingress-operator_03_prometheusrules.yaml`, release-4.14 to 4.22), and an
 * IngressController that somebody has deleted has no metric.
 */
export function shardAlert({ name, domain }: Pick<RouterShard, "name" | "domain">): Alert {
  const available = `ingress_controller_conditions{name="${name}", condition="Available"}`;
  return {
    name: "RouterShardDown",
    severity: "critical",
    namespace: "openshift-ingress-operator",
    // The last part is false while the ingress operator reports nothing at all.
    expression: `max by (name) (${available} == 0 or absent(${available})) and on () count(ingress_controller_conditions) > 0`,
    wait: "10m",
    summary: "A router shard is down.",
    description: `The routes below ${domain} cannot be reached. \`oc describe ingresscontroller ${name} -n openshift-ingress-operator\` shows the reason.`,
  };
}
