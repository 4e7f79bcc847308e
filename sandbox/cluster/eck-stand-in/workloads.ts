import type { KubeObject } from "../api";

/** A custom resource of ECK, with the fields that the stand-in reads. */
export interface EckResource extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly name: string; readonly namespace: string; readonly generation?: number };
  readonly spec: {
    readonly version: string;
    readonly count?: number;
    readonly elasticsearchRef?: { readonly name: string };
    readonly type?: string;
    readonly nodeSets?: readonly NodeSet[];
    readonly podTemplate?: PodTemplate;
    readonly daemonSet?: { readonly podTemplate?: PodTemplate; readonly updateStrategy?: object };
    readonly http?: { readonly service?: { readonly metadata?: { readonly annotations?: Record<string, string> } } };
  };
  readonly status?: object;
}

interface NodeSet {
  readonly name: string;
  readonly count: number;
  readonly podTemplate?: PodTemplate;
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string }; readonly spec: object }[];
}

interface PodTemplate {
  readonly metadata?: { readonly annotations?: Record<string, string> };
  readonly spec?: { readonly containers?: readonly { readonly name: string }[] };
}

/** The image of a program of Elastic in a version (elastic/cloud-on-k8s, `pkg/controller/common/container/container.go`, v3.5.0). */
const image = (path: string, version: string): string => `docker.elastic.co/${path}:${version}`;

/**
 * Whether the pods wait for labels of their nodes, which the operator writes into the pods' annotations
 * (`pkg/apis/elasticsearch/v1/elasticsearch_types.go`, HasDownwardNodeLabels; `pkg/controller/elasticsearch/initcontainer/prepare_fs_script.go`, v3.5.0).
 */
export function waitsForNodeLabels({ metadata }: EckResource): boolean {
  return (metadata.annotations?.["eck.k8s.elastic.co/downward-node-labels"] ?? "") !== "";
}

/** The owner references with which the garbage collector deletes an object when its custom resource is deleted. */
export function ownedBy({ apiVersion, kind, metadata }: EckResource): object[] {
  return [{ apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true }];
}

/** The StatefulSet of a set of nodes, without its volumes (`pkg/controller/elasticsearch/nodespec/statefulset.go`, v3.5.0). */
export function nodeStatefulSet(search: EckResource, { name, count, podTemplate = {} }: NodeSet): KubeObject {
  const labels = clusterLabels(search);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { ...own(search, `${search.metadata.name}-es-${name}`), labels },
    spec: {
      replicas: count,
      serviceName: `${search.metadata.name}-es-${name}`,
      podManagementPolicy: "Parallel",
      selector: { matchLabels: labels },
      template: completed(podTemplate, "elasticsearch", image("elasticsearch/elasticsearch", search.spec.version), labels),
    },
  };
}

/** The claims of a set of nodes. With the policy DeleteOnScaledownOnly they have no owner (`driver/stateful/pvc_owner.go`). */
export function nodeClaims(search: EckResource, { name, count, volumeClaimTemplates = [] }: NodeSet): KubeObject[] {
  return volumeClaimTemplates.flatMap(({ metadata, spec }) =>
    Array.from({ length: count }, (_, index) => ({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: {
        name: `${metadata.name}-${search.metadata.name}-es-${name}-${index}`,
        namespace: search.metadata.namespace,
        labels: clusterLabels(search),
      },
      spec,
    })),
  );
}

/** The Secret with the administrator's password (`pkg/controller/elasticsearch/user/predefined.go`, v3.5.0). */
export function elasticUser(search: EckResource, password: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { ...own(search, `${search.metadata.name}-es-elastic-user`), labels: clusterLabels(search) },
    data: { elastic: Buffer.from(password).toString("base64") },
  };
}

/** Kibana's Deployment and Service (`pkg/controller/kibana/{driver,pod,service}.go`, v3.5.0). */
export function kibanaObjects(kibana: EckResource): KubeObject[] {
  const labels = { "common.k8s.elastic.co/type": "kibana", "kibana.k8s.elastic.co/name": kibana.metadata.name };
  const { version, count = 1, podTemplate = {}, http } = kibana.spec;
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...own(kibana, `${kibana.metadata.name}-kb-http`), labels, ...http?.service?.metadata },
      spec: { type: "ClusterIP", selector: labels, ports: [{ name: "https", protocol: "TCP", port: 5601 }] },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { ...own(kibana, `${kibana.metadata.name}-kb`), labels },
      spec: {
        replicas: count,
        selector: { matchLabels: labels },
        template: completed(podTemplate, "kibana", image("kibana/kibana", version), labels),
      },
    },
  ];
}

/** The DaemonSet of a Beat (`pkg/controller/beat/common/{name,reconcile}.go`, v3.5.0). */
export function beatDaemonSet(beat: EckResource): KubeObject {
  const { type = "", version, daemonSet = {} } = beat.spec;
  const labels = { "common.k8s.elastic.co/type": "beat", "beat.k8s.elastic.co/name": beat.metadata.name };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { ...own(beat, `${beat.metadata.name}-beat-${type}`), labels },
    spec: {
      selector: { matchLabels: labels },
      ...(daemonSet.updateStrategy && { updateStrategy: daemonSet.updateStrategy }),
      template: completed(daemonSet.podTemplate ?? {}, type, image(`beats/${type}`, version), labels),
    },
  };
}

function clusterLabels({ metadata }: EckResource): Record<string, string> {
  return { "common.k8s.elastic.co/type": "elasticsearch", "elasticsearch.k8s.elastic.co/cluster-name": metadata.name };
}

function own(owner: EckResource, name: string): KubeObject["metadata"] {
  return { name, namespace: owner.metadata.namespace, ownerReferences: ownedBy(owner) };
}

/** The user's pod template, completed: the main container gets its default image, and the pod its labels. */
function completed({ metadata = {}, spec = {} }: PodTemplate, main: string, ofMain: string, labels: Record<string, string>): object {
  const containers = (spec.containers ?? [{ name: main }]).map((each) => (each.name === main ? { image: ofMain, ...each } : each));
  return { metadata: { ...metadata, labels }, spec: { ...spec, containers } };
}
