import type { RouterShard } from "../../config/ingress/settings";
import type { Alert } from "./prometheus-rule";

/**
 * The alert on a router shard that serves no routes, or does not exist. For the default router OpenShift has a critical alert:
 * ClusterOperatorDown of the operator `ingress`, which looks only at that router (openshift/cluster-ingress-operator,
 * `pkg/operator/controller/status/controller.go`, computeOperatorAvailableCondition). OpenShift's alerts on every router,
 * IngressControllerUnavailable and IngressControllerDegraded, have only the severity warning
 * (`manifests/0000_90_ingress-operator_03_prometheusrules.yaml`, release-4.14 to 4.22).
 */
export function shardAlert({ name, domain }: Pick<RouterShard, "name" | "domain">): Alert {
  return {
    name: "RouterShardDown",
    severity: "critical",
    namespace: "openshift-ingress-operator",
    labels: { name },
    expression: `group(${noPod(name)} or (${noDeployment(name)}) or (${noBalancer(name)}))`,
    wait: "10m",
    summary: "A router shard is down.",
    description: `The routes below ${domain} may not be reachable: the shard has no available pod, no load balancer or no DNS record, or does not exist. \`oc describe ingresscontroller ${name} -n openshift-ingress-operator\` shows the reason.`,
  };
}

/** A shard's Deployment (openshift/cluster-ingress-operator, `pkg/operator/controller/names.go`, RouterDeploymentName, release-4.14 to 4.22). */
function deployment(shard: string): string {
  return `namespace="openshift-ingress", deployment="router-${shard}"`;
}

/**
 * True if the shard's Deployment has no available pod. The IngressController's condition does not show this. With host networking the router's
 * Deployment has maxUnavailable 25 % and maxSurge 0 (`pkg/operator/controller/ingress/deployment.go`, release-4.14 to 4.22). In a Deployment of one
 * pod Kubernetes raises maxUnavailable to one pod (kubernetes/kubernetes, `pkg/controller/deployment/util/deployment_util.go`, ResolveFenceposts,
 * v1.33), so the Deployment stays available without any pod.
 */
function noPod(shard: string): string {
  return `kube_deployment_status_replicas_available{${deployment(shard)}} == 0`;
}

/**
 * True if the shard's Deployment does not exist: the ingress operator deletes it when the IngressController is deleted. The condition after `and`
 * prevents a false alert while kube-state-metrics reports nothing.
 */
function noDeployment(shard: string): string {
  return `absent(kube_deployment_spec_replicas{${deployment(shard)}}) and on () count(kube_deployment_spec_replicas) > 0`;
}

/**
 * True if the shard has no load balancer or no DNS record. An IngressController is unavailable if one of these is missing, or if it has too
 * few pods (`pkg/operator/controller/ingress/status.go`, computeIngressAvailableCondition, release-4.14 to 4.22). The expression excludes
 * the case of too few pods, because the remaining pods still serve the routes. A missing series does not show that the router is
 * unavailable: up to release-4.18, and in 4.19 and 4.20 until November 2025, the operator sets the metric only when a status changes. After
 * a restart of the operator's pod most routers have no series (syncIngressControllerStatus; OCPBUGS-61508).
 */
function noBalancer(shard: string): string {
  const tooFewPods = `kube_deployment_status_condition{${deployment(shard)}, condition="Available", status="false"} == 1`;
  return `ingress_controller_conditions{name="${shard}", condition="Available"} == 0 unless on () ${tooFewPods}`;
}
