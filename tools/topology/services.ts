import { assume } from "../cost/assumptions";
import { clusterCharges } from "../cost/cluster";
import { listValue, recordValue, type Resource, textValue, wholeNumberValue } from "../../lib/pulumi/resource";
import { typesOf } from "../../lib/pulumi/urn";
import type { ClusterService } from "./model";
import { unique } from "./unique";

/** The services that a stack can have, by the types of the components that declare them, in the order of the picture and the report. */
const SERVICES: readonly { readonly name: string; readonly components: readonly string[] }[] = [
  { name: "etcd backup", components: ["okd:storage:EtcdBackup"] },
  { name: "Velero", components: ["okd:cluster:Velero"] },
  { name: "shared storage", components: ["okd:storage:SharedFileSystem", "okd:cluster:SharedVolumes"] },
  { name: "monitoring", components: ["okd:cluster:Monitoring", "okd:cluster:Alerting"] },
  { name: "Grafana", components: ["okd:cluster:Grafana"] },
  { name: "logging", components: ["okd:cluster:Logging", "okd:cluster:LokiStorage"] },
  { name: "Elasticsearch and Kibana", components: ["okd:cluster:Elastic"] },
  { name: "example application", components: ["okd:cluster:ExampleGuestbook"] },
];

/** The services that the stack's resources configure, and the operators that it installs. */
export function servicesOf(resources: readonly Resource[]): ClusterService[] {
  const volumes = volumesByUrn(resources);
  const services = SERVICES.flatMap(({ name, components }): ClusterService[] => {
    const own = resources.filter(({ urn }) => typesOf(urn).some((type) => components.includes(type)));
    if (own.length === 0) return [];
    return [
      {
        name,
        namespaces: unique(own.flatMap(namespaceOf)),
        data: [...unique(own.flatMap(storedIn)), ...own.flatMap(({ urn }) => volumes.get(urn) ?? [])],
        urls: unique(own.flatMap(urlOf)),
      },
    ];
  });
  const operators = resources.flatMap(operatorOf).sort((one, other) => (one.name < other.name ? -1 : 1));
  return [...services, ...operators];
}

/** An operator's Subscription, with the version that it starts with, or its ClusterExtension. */
function operatorOf({ type, inputs }: Resource): ClusterService[] {
  if (/^kubernetes:olm\.operatorframework\.io\/.*:ClusterExtension$/.test(type)) return [extensionOf(recordValue(inputs.spec))];
  if (!/^kubernetes:operators\.coreos\.com\/.*:Subscription$/.test(type)) return [];
  const spec = recordValue(inputs.spec);
  const version = textValue(spec?.startingCSV) ?? textValue(spec?.channel);
  const name = `operator ${[textValue(spec?.name), version === undefined ? [] : `(${version})`].flat().join(" ")}`;
  return [{ name, namespaces: namespaceOf({ type, inputs }), data: [], urls: [] }];
}

function extensionOf(spec: Readonly<Record<string, unknown>> | undefined): ClusterService {
  const catalog = recordValue(recordValue(spec?.source)?.catalog);
  const name = `operator ${textValue(catalog?.packageName) ?? ""} (${textValue(catalog?.version) ?? "unknown version"})`;
  return { name, namespaces: [textValue(spec?.namespace) ?? ""], data: [], urls: [] };
}

/** Objects in namespaces of the platform, through which a service only asks an operator of the platform for something. */
const REQUESTS = /:(CredentialsRequest|PrometheusRule)$/;

function namespaceOf({ type, inputs }: Pick<Resource, "type" | "inputs">): string[] {
  if (!type.startsWith("kubernetes:") || REQUESTS.test(type)) return [];
  const metadata = recordValue(inputs.metadata);
  const namespace = type === "kubernetes:core/v1:Namespace" ? metadata?.name : metadata?.namespace;
  return textValue(namespace) === undefined ? [] : [String(namespace)];
}

/** The bucket or file system that this resource is, or the volume that the cluster creates for a claim. */
function storedIn({ type, inputs, outputs, id }: Resource): string[] {
  if (type === "aws:s3/bucket:Bucket")
    return [`bucket ${textValue(inputs.bucket) ?? textValue(outputs?.bucket) ?? id ?? "of unknown name"}`];
  if (type === "aws:efs/fileSystem:FileSystem") return [`file system ${id ?? "that the update creates"}`];
  const spec = recordValue(inputs.spec);
  if (type === "kubernetes:core/v1:PersistentVolumeClaim") return [`a volume of ${sizeOf(spec)}`];
  if (type !== "kubernetes:apps/v1:StatefulSet") return [];
  const pods = wholeNumberValue(spec?.replicas) ?? 1;
  return listValue(spec?.volumeClaimTemplates).map((claim) => volumesText(pods, sizeOf(recordValue(recordValue(claim)?.spec))));
}

function sizeOf(claim: Readonly<Record<string, unknown>> | undefined): string {
  return textValue(recordValue(recordValue(claim?.resources)?.requests)?.storage)?.replace(/^(\d+)Gi$/, "$1 GiB") ?? "unknown size";
}

function volumesText(count: number, size: string): string {
  return count === 1 ? `a volume of ${size}` : `${count} volumes of ${size}`;
}

/** The volumes that the cluster creates for the pods of a Kubernetes object, by the object's URN. */
function volumesByUrn(resources: readonly Resource[]): ReadonlyMap<string, readonly string[]> {
  const ofObjects = clusterCharges(resources, assume()).filter(({ resource }) => resource.type.startsWith("kubernetes:"));
  return new Map(
    ofObjects.map(({ resource, charges }) => [
      resource.urn,
      charges.flatMap((charge) =>
        typeof charge === "string" || charge.group !== "Volumes"
          ? []
          : [`${volumesText(charge.count ?? 1, `${charge.units} GiB`)} (${charge.what.replace(/^Volumes of /, "")})`],
      ),
    ]),
  );
}

function urlOf({ type, inputs }: Resource): string[] {
  const host = /^kubernetes:route\.openshift\.io\/.*:Route$/.test(type) ? textValue(recordValue(inputs.spec)?.host) : undefined;
  return host === undefined ? [] : [`https://${host}/`];
}
