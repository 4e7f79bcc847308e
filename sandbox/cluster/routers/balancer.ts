import type { Instance, AwsSnapshot } from "../../machines";
import type { KubeObject } from "../api";

/** A router's Service, of type LoadBalancer. */
export interface RouterService extends KubeObject {
  spec: { ports: { port: number; nodePort: number }[]; healthCheckNodePort: number; loadBalancerSourceRanges?: string[] };
}

/** The request for a load balancer. */
export interface BalancerRequest {
  readonly infraId: string;
  readonly region: string;
  readonly snapshot: AwsSnapshot;
  readonly service: RouterService;
  readonly instances: readonly Instance[];
  readonly internal: boolean;
  /** Subnets that the Service names; if empty, they are found by their tags. */
  readonly subnetIds: readonly string[];
}

export interface Balancer {
  readonly dnsName: string;
  readonly zoneId: string;
}

/** The cloud controller's part for one type of load balancer. */
export interface BalancerType {
  /** @throws Error with the cloud controller's own message */
  ensure(request: BalancerRequest): Promise<Balancer>;
  find(region: string, service: RouterService): Promise<Balancer | undefined>;
  /** Deletes the load balancer and everything that was created with it. Resources that are already gone are ignored. */
  remove(request: Pick<BalancerRequest, "infraId" | "region" | "snapshot" | "service">): Promise<void>;
}

/** The cloud controller's name for the load balancer, made from the Service's uid. */
export function balancerName({ metadata: { uid = "" } }: RouterService): string {
  return `a${uid.replaceAll("-", "")}`.slice(0, 32);
}

/** `openshift-ingress/router-default` */
export function serviceName({ metadata: { namespace = "", name = "" } }: RouterService): string {
  return `${namespace}/${name}`;
}

/** Annotation with tags for everything that is created for a Service: `key=value`, separated by commas. */
export const tagsAnnotation = "service.beta.kubernetes.io/aws-load-balancer-additional-resource-tags";

/**
 * The tags of everything that is created for a Service. If an annotation's tag has a second `=`, the text from there on is ignored
 * (kubernetes/cloud-provider-aws, pkg/providers/v1/aws_loadbalancer.go of release-1.32: getKeyValuePropertiesFromAnnotation).
 */
export function ownedTags(infraId: string, service: RouterService): { Key: string; Value: string }[] {
  const texts = (service.metadata.annotations?.[tagsAnnotation] ?? "").split(",").map((text) => text.trim());
  const additional = texts.map((text) => text.split("=")).flatMap(([key, value = ""]) => (key === "" ? [] : [{ Key: key, Value: value }]));
  return [
    ...additional,
    { Key: `kubernetes.io/cluster/${infraId}`, Value: "owned" },
    { Key: "kubernetes.io/service-name", Value: serviceName(service) },
  ];
}

/** For each node, its one security group with the cluster's tag; the controller writes rules into it. */
export function nodeGroups({ snapshot, instances, infraId }: BalancerRequest): string[] {
  const groups = new Set<string>();
  for (const { id, groupIds } of instances) {
    const tagged = snapshot.securityGroups.filter(
      (group) => groupIds.includes(group.id) && `kubernetes.io/cluster/${infraId}` in group.tags,
    );
    if (tagged.length !== 1) {
      const list = tagged.map((group) => `${group.id} (${group.name})`).join(", ");
      throw new Error(
        tagged.length === 0
          ? `no security group of the instance ${id} has the tag kubernetes.io/cluster/${infraId}, so the load balancer can't be let in`
          : `multiple tagged security groups found for instance ${id}; ensure only the k8s security group is tagged; the tagged groups were ${list}`,
      );
    }
    groups.add(tagged[0].id);
  }
  return [...groups];
}

/** Ignores the AWS errors that say that the wanted state already exists. */
export function ignoreErrors(...names: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (names.some((name) => (error as Error).name.startsWith(name))) return undefined;
    throw error;
  };
}
