import { createHash } from "node:crypto";
import type { KubeObject } from "../api";
import { type IngressController, type IngressFacts, ownerLabel, routerLabel, strategyOf } from "./ingress-controller";

/** A router's Deployment with the part of its status that decides about the IngressController's conditions. */
export interface RouterDeployment extends KubeObject {
  spec: { replicas: number; strategy: { rollingUpdate: { maxUnavailable: string; maxSurge: string | number } } };
  status?: {
    replicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
}

const hashLabel = "ingresscontroller.operator.openshift.io/hash";

/** The ports of a router's container. With host networking they are also the ports of the node. */
export const routerPorts = [
  { name: "http", containerPort: 80, protocol: "TCP" },
  { name: "https", containerPort: 443, protocol: "TCP" },
  { name: "metrics", containerPort: 1936, protocol: "TCP" },
] as const;

/**
 * The Deployment of an IngressController: replicas, placement, affinity and rollout (openshift/cluster-ingress-operator,
 * `pkg/operator/controller/ingress/{deployment,replicas}.go` and `pkg/manifests/assets/router/deployment.yaml`, release-4.19). The container's environment,
 * probes and volumes are left out. So are the real Deployment's 30 s of `minReadySeconds`: with them every installation would take 30 s longer.
 */
export function routerDeployment(controller: IngressController, facts: IngressFacts): RouterDeployment {
  const { name = "" } = controller.metadata;
  const onHost = strategyOf(controller, facts).type === "HostNetwork";
  const replicas = controller.spec.replicas ?? (facts.singleReplica ? 1 : 2);
  const pod = podSpec(controller, facts, onHost);
  const hash = createHash("sha256").update(JSON.stringify(pod)).digest("hex").slice(0, 10);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `router-${name}`, namespace: "openshift-ingress", labels: { [ownerLabel]: name } },
    spec: {
      replicas,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: { [routerLabel]: name } },
      strategy: { type: "RollingUpdate", rollingUpdate: rollingUpdate(onHost, facts.singleReplica, replicas) },
      template: {
        metadata: { labels: { [routerLabel]: name, [hashLabel]: hash } },
        spec: { ...pod, ...spreading(name, hash, { alone: !onHost && !facts.singleReplica, avoidsRemote: facts.placement === "Workers" }) },
      },
    } as RouterDeployment["spec"],
  };
}

function rollingUpdate(onHost: boolean, singleReplica: boolean, replicas: number): { maxUnavailable: string; maxSurge: string | number } {
  if (onHost) return { maxUnavailable: "25%", maxSurge: 0 };
  return { maxUnavailable: singleReplica || replicas >= 4 ? "25%" : "50%", maxSurge: "25%" };
}

function podSpec({ spec: { nodePlacement } }: IngressController, { placement }: IngressFacts, onHost: boolean): object {
  const role = placement === "ControlPlane" ? "master" : "worker";
  // Because of this toleration, Kubernetes' serial tests of NoExecute taints do not evict routers.
  const tolerations = [{ key: "kubernetes.io/e2e-evict-taint-key", operator: "Equal", value: "evictTaintVal", effect: "NoExecute" }];
  return {
    serviceAccountName: "router",
    priorityClassName: "system-cluster-critical",
    terminationGracePeriodSeconds: 3600,
    nodeSelector: nodePlacement?.nodeSelector?.matchLabels ?? { "kubernetes.io/os": "linux", [`node-role.kubernetes.io/${role}`]: "" },
    tolerations: nodePlacement?.tolerations ?? tolerations,
    ...(onHost && { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" }),
    containers: [
      {
        name: "router",
        image: "example.com/simulated",
        resources: { requests: { cpu: "100m", memory: "256Mi" } },
        ports: routerPorts.map((port) => ({ ...port, ...(onHost && { hostPort: port.containerPort }) })),
      },
    ],
  };
}

/**
 * Affinities and spreading. A pod may share its node with pods of older generations of the Deployment, but not with a
 * second pod of the same generation.
 */
function spreading(name: string, hash: string, { alone, avoidsRemote }: { alone: boolean; avoidsRemote: boolean }): object {
  const generation = (operator: "In" | "NotIn") => ({ key: hashLabel, operator, values: [hash] });
  const term = (operator: "In" | "NotIn") => ({
    topologyKey: "kubernetes.io/hostname",
    labelSelector: { matchExpressions: [{ key: routerLabel, operator: "In", values: [name] }, generation(operator)] },
  });
  const remote = { key: "node.openshift.io/remote-worker", operator: "NotIn", values: [""] };
  return {
    affinity: {
      ...(alone && {
        podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term("NotIn") }] },
        podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term("In")] },
      }),
      ...(avoidsRemote && {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [remote] }] } },
      }),
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchExpressions: [generation("In")] },
      },
    ],
  };
}
