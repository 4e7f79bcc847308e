import { IS_DEFAULT } from "../../cluster-objects/settings/storage-classes";
import type { Assumptions } from "./assumptions";
import { assumedCharge, type Charges } from "./charge";
import { type PricedBalancerType, balancerCharges } from "./charges/balancers";
import { elasticVolumeCharges } from "./charges/elastic";
import { lokiVolumeCharges } from "./charges/loki";
import { type MonitoringCluster, monitoringVolumeCharges } from "./charges/monitoring";
import { listValue, recordValue, type Resource, textValue } from "../../lib/pulumi/resource";

/** A resource of the stack that costs nothing itself, and the charges of the AWS resources that the cluster creates because of it. */
export interface ClusterCharges {
  readonly resource: Resource;
  readonly charges: Charges;
}

const INSTALLATION = "okd:installer:Installation";

/** Kinds of Kubernetes objects for which the cluster creates a resource in AWS whose cost isn't estimated. */
const UNPRICED_KINDS: ReadonlyMap<string, string> = new Map([
  ["PersistentVolumeClaim", "the volume that the cluster creates for it isn't included"],
  ["MachineSet", "the instances that the cluster creates for it aren't included"],
  ["MachineAutoscaler", "the instances that the cluster creates for it aren't included"],
  ["VolumeSnapshot", "the snapshot that the cluster creates for it isn't included"],
]);

/** The charges of the cluster's own router, registry and volumes, if the stack installs a cluster, and of the stack's Kubernetes objects. */
export function clusterCharges(resources: readonly Resource[], assumptions: Assumptions): ClusterCharges[] {
  const publicZones = zonesOfPublicBalancer(resources);
  const monitoring = { pods: hasOneNode(resources) ? 1 : 2, defaultClass: defaultStorageClass(resources) };
  return resources.flatMap((resource) => {
    const charges =
      resource.type === INSTALLATION
        ? installedClusterCharges(publicZones, assumptions)
        : resource.type.startsWith("kubernetes:")
          ? [
              ...ofObject(resource, publicZones, assumptions),
              ...ofConfigMap(resource, monitoring),
              ...ofElasticsearch(resource, monitoring),
            ]
          : [];
    return charges.length === 0 ? [] : [{ resource, charges }];
  });
}

/** The default router's load balancer is a Classic Load Balancer (openshift/cluster-ingress-operator, default of the AWS provider parameters). */
function installedClusterCharges(publicZones: number, assumptions: Assumptions): Charges {
  return [
    ...balancerCharges("classic", publicZones, assumptions),
    assumedCharge("Storage", "Bucket of the registry", "bucket", "clusterBucketGb", assumptions),
    assumedCharge("Volumes", "Persistent volumes, gp3", "volume.gp3", "clusterVolumeGb", assumptions),
  ];
}

function ofObject(resource: Resource, publicZones: number, assumptions: Assumptions): Charges {
  const { type, inputs } = resource;
  const kind = type.split(":").at(-1) ?? "";
  const spec = recordValue(inputs.spec);
  if (kind === "IngressController") {
    // The default router's load balancer is already counted with the installation.
    if (recordValue(inputs.metadata)?.name === "default") return [];
    const strategy = recordValue(spec?.endpointPublishingStrategy);
    if ((strategy?.type ?? "LoadBalancerService") !== "LoadBalancerService") return [];
    const loadBalancer = recordValue(strategy?.loadBalancer);
    const wanted = textValue(recordValue(recordValue(loadBalancer?.providerParameters)?.aws)?.type);
    const balancer: PricedBalancerType = wanted === "NLB" ? "network" : "classic";
    return balancerCharges(balancer, loadBalancer?.scope === "Internal" ? 0 : publicZones, assumptions);
  }
  if (kind === "LokiStack") return lokiVolumeCharges(resource);
  if (kind === "Service" && spec?.type === "LoadBalancer") return ["the load balancer that the cluster creates for it isn't included"];
  const unpriced = UNPRICED_KINDS.get(kind);
  return unpriced === undefined ? [] : [unpriced];
}

function ofConfigMap(resource: Resource, monitoring: MonitoringCluster): Charges {
  return /:ConfigMap(Patch)?$/.test(resource.type) ? monitoringVolumeCharges(resource, monitoring) : [];
}

function ofElasticsearch(resource: Resource, { defaultClass }: MonitoringCluster): Charges {
  return resource.type.endsWith(":Elasticsearch") ? elasticVolumeCharges(resource, defaultClass) : [];
}

/**
 * Whether the cluster has one node; its monitoring then has one pod of each kind (openshift/cluster-monitoring-operator,
 * `pkg/manifests/manifests.go`, release-4.19). Without the installation among the resources the answer is false: a plan without the state lists only
 * the instances that change, so one instance in it does not mean one node.
 */
function hasOneNode(resources: readonly Resource[]): boolean {
  const nodes = resources.filter(({ urn }) => urn.includes("okd:machines:MachinePool$aws:ec2/instance:Instance"));
  return nodes.length === 1 && resources.some(({ type }) => type === INSTALLATION);
}

/** The default storage class: the class that the stack makes the default, or else the installer's default. */
function defaultStorageClass(resources: readonly Resource[]): string {
  const metadata = resources
    .filter(({ type }) => type === "kubernetes:storage.k8s.io/v1:StorageClass")
    .map(({ inputs }) => recordValue(inputs.metadata))
    .find((each) => recordValue(each?.annotations)?.[IS_DEFAULT] === "true");
  return textValue(metadata?.name) ?? "gp3-csi";
}

/** The number of zones of the cluster's own public load balancers: the same number as for the stack's public load balancer. */
function zonesOfPublicBalancer(resources: readonly Resource[]): number {
  const zones = resources
    .filter(({ type, inputs }) => type === "aws:lb/loadBalancer:LoadBalancer" && inputs.internal !== true)
    .map(({ inputs }) => listValue(inputs.subnets ?? inputs.subnetMappings).length);
  return Math.max(0, ...zones);
}
