import { enabledCapabilities } from "../capabilities";
import { minorOf } from "../releases/version";
import type { Settings } from "../schema";
import type { Placement } from "./router-shards";

/** Label and taint of infra nodes (OpenShift, "Creating infrastructure machine sets"). */
export const INFRA_ROLE = "node-role.kubernetes.io/infra";

/**
 * Instances of the image registry where nothing is said of them: the operator's own number on AWS
 * (openshift/cluster-image-registry-operator, `pkg/operator/bootstrap.go`).
 */
export const REGISTRY_REPLICAS = 2;

const onInfraNodes: Placement = { nodeSelector: { [INFRA_ROLE]: "" }, tolerations: [{ key: INFRA_ROLE, effect: "NoSchedule" }] };

/** What moves to the infra nodes, besides routers. */
export interface InfraNodes {
  /** Where the image registry runs; without it, where the cluster has it. */
  readonly imageRegistry?: Placement;
}

export function infraNodes(settings: Settings): InfraNodes {
  const registry = hasImageRegistry(settings) && servicePlacement(settings, settings.imageRegistryReplicas || REGISTRY_REPLICAS);
  return registry ? { imageRegistry: registry } : {};
}

/**
 * Where a service of the cluster's own runs: on the infra nodes, if there is one for each of its pods, which are spread over nodes and
 * would wait for ever for one that there isn't. Undefined leaves the service where the cluster has it.
 */
export function servicePlacement({ infraCount }: Pick<Settings, "infraCount">, pods: number): Placement | undefined {
  return infraCount > 0 && infraCount >= pods ? onInfraNodes : undefined;
}

function hasImageRegistry(settings: Settings): boolean {
  const { release, baselineCapabilitySet: set, additionalEnabledCapabilities: additional, imageRegistryState } = settings;
  const enabled = enabledCapabilities(minorOf(release), set === "" ? "vCurrent" : set, additional);
  return imageRegistryState !== "Removed" && enabled.has("ImageRegistry");
}
