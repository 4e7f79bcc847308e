import type { Service } from "../../machines";
import type { KubeObject } from "../api";
import { routerLabel } from "./ingress-controller";
import { routerPorts } from "./router-deployment";
import type { RouterService } from "./router-service";

/** A router's pod. */
export interface RouterPod extends KubeObject {
  spec: { nodeName?: string; hostNetwork?: boolean };
  status?: { conditions?: { type: string; status: string; message?: string; reason?: string }[] };
}

export function isReady({ metadata, status }: RouterPod): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true
  );
}

/**
 * The router's service that answers at a port of a node. Routers listen on a node in two ways: by pods with host
 * networking, and by the node ports of their Services on every node. A Service's node ports forward to a local pod, and
 * to any pod if there is no local one (the annotation `local-with-fallback`). The Service's health check answers 200 on
 * nodes with a ready pod and 503 on all other nodes (ovn-org/ovn-kubernetes,
 * `go-controller/pkg/node/healthcheck_service.go`, master).
 */
export function routerListens(
  services: readonly RouterService[],
  pods: readonly RouterPod[],
  node: string,
  port: number,
): Service | undefined {
  const answers = (status: number): Service => ({ protocol: "http", statusOf: () => status });
  const ready = pods.filter(isReady);
  const local = ready.filter(({ spec }) => spec.nodeName === node);
  if (local.some(({ spec }) => spec.hostNetwork === true) && routerPorts.some(({ containerPort }) => containerPort === port))
    return answers(200);
  for (const { spec, metadata } of services) {
    const name = metadata.name?.replace(/^router-/, "");
    const own = (pod: RouterPod) => pod.metadata.labels?.[routerLabel] === name;
    if (spec.healthCheckNodePort === port) return answers(local.some(own) ? 200 : 503);
    if (spec.ports.some(({ nodePort }) => nodePort === port) && ready.some(own)) return answers(200);
  }
  return undefined;
}
