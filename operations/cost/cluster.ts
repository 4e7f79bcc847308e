import type { Assumptions } from "./assumptions";
import { assumed, type Charges } from "./charge";
import { type BalancerType, balancerCharges } from "./charges/balancers";
import { list, record, type Resource, text } from "./resource";

/** What the cluster makes in AWS by itself, because of a resource that costs nothing. */
export interface ClusterCharges {
  readonly resource: Resource;
  readonly charges: Charges;
}

/** Kubernetes objects of which the cluster makes something in AWS that isn't estimated. */
const UNPRICED_KINDS: ReadonlyMap<string, string> = new Map([
  ["PersistentVolumeClaim", "the volume that the cluster makes for it isn't counted"],
  ["MachineSet", "the machines that the cluster makes for it aren't counted"],
  ["MachineAutoscaler", "the machines that the cluster makes for it aren't counted"],
  ["VolumeSnapshot", "the snapshot that the cluster makes for it isn't counted"],
]);

/** The cluster's own router, registry and volumes, if the stack installs a cluster, and what Kubernetes objects of the stack bring about. */
export function clusterCharges(resources: readonly Resource[], assumptions: Assumptions): ClusterCharges[] {
  const publicZones = zonesOfPublicBalancer(resources);
  return resources.flatMap((resource) => {
    const charges =
      resource.type === "okd:installer:Installation"
        ? installed(publicZones, assumptions)
        : resource.type.startsWith("kubernetes:")
          ? ofObject(resource, publicZones, assumptions)
          : [];
    return charges.length === 0 ? [] : [{ resource, charges }];
  });
}

/** The default router's balancer is a Classic one (openshift/cluster-ingress-operator, default of the AWS provider parameters). */
function installed(publicZones: number, assumptions: Assumptions): Charges {
  return [
    ...balancerCharges("classic", publicZones, assumptions),
    assumed("Storage", "Bucket of the registry", "bucket", "clusterBucketGb", assumptions),
    assumed("Volumes", "Persistent volumes, gp3", "volume.gp3", "clusterVolumeGb", assumptions),
  ];
}

function ofObject({ type, inputs }: Resource, publicZones: number, assumptions: Assumptions): Charges {
  const kind = type.split(":").at(-1) ?? "";
  const spec = record(inputs.spec);
  if (kind === "IngressController") {
    // The default one's balancer is the installation's.
    if (record(inputs.metadata)?.name === "default") return [];
    const strategy = record(spec?.endpointPublishingStrategy);
    if ((strategy?.type ?? "LoadBalancerService") !== "LoadBalancerService") return [];
    const front = record(strategy?.loadBalancer);
    const wanted = text(record(record(front?.providerParameters)?.aws)?.type);
    const balancer: BalancerType = wanted === "NLB" ? "network" : "classic";
    return balancerCharges(balancer, front?.scope === "Internal" ? 0 : publicZones, assumptions);
  }
  if (kind === "Service" && spec?.type === "LoadBalancer") return ["the balancer that the cluster makes for it isn't counted"];
  const unpriced = UNPRICED_KINDS.get(kind);
  return unpriced === undefined ? [] : [unpriced];
}

/** The cluster's own public balancers stand where the stack's stands. */
function zonesOfPublicBalancer(resources: readonly Resource[]): number {
  const zones = resources
    .filter(({ type, inputs }) => type === "aws:lb/loadBalancer:LoadBalancer" && inputs.internal !== true)
    .map(({ inputs }) => list(inputs.subnets ?? inputs.subnetMappings).length);
  return Math.max(0, ...zones);
}
