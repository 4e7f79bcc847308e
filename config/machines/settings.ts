import { hasCapability } from "../enabled-capability";
import type { Settings } from "../schema";
import { REGISTRY_REPLICAS } from "../storage/settings";

/** Nodes on which pods may run. */
export interface Placement {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
}

export interface Toleration {
  readonly key: string;
  /** If undefined, the toleration matches a taint without a value. */
  readonly value?: string;
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** Label and taint of infra nodes (OpenShift, "Creating infrastructure machine sets"). */
export const INFRA_ROLE = "node-role.kubernetes.io/infra";

const onInfraNodes: Placement = { nodeSelector: { [INFRA_ROLE]: "" }, tolerations: [{ key: INFRA_ROLE, effect: "NoSchedule" }] };

/** Services that move to the infra nodes, in addition to routers. */
export interface InfraNodesConfiguration {
  /** Placement of the image registry; if undefined, the cluster's default. */
  readonly imageRegistry?: Placement;
}

export function infraNodes(settings: Settings): InfraNodesConfiguration {
  const registry = hasImageRegistry(settings) && servicePlacement(settings, settings.imageRegistryReplicas || REGISTRY_REPLICAS);
  return registry ? { imageRegistry: registry } : {};
}

/**
 * Placement of a service of the cluster: on the infra nodes, if there are at least as many infra nodes as pods of the service. The pods
 * must run on different nodes, so with fewer infra nodes some pods would stay pending. Undefined means the cluster's default placement.
 */
export function servicePlacement({ infraCount }: Pick<Settings, "infraCount">, pods: number): Placement | undefined {
  return infraCount > 0 && infraCount >= pods ? onInfraNodes : undefined;
}

function hasImageRegistry(settings: Settings): boolean {
  return settings.imageRegistryState !== "Removed" && hasCapability(settings, "ImageRegistry");
}
