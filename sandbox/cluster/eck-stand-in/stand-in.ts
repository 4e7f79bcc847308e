import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Api, KubeObject } from "../api";
import { beatDaemonSet, type EckResource, elasticUser, kibanaObjects, nodeClaims, nodeStatefulSet, waitsForNodeLabels } from "./workloads";

const MANAGER = "elastic-operator";

interface Workload extends KubeObject {
  readonly status?: {
    readonly readyReplicas?: number;
    readonly replicas?: number;
    readonly availableReplicas?: number;
    readonly numberReady?: number;
    readonly desiredNumberScheduled?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** The operator's Deployment. OLM writes the namespaces that the operator watches into an annotation of the pod template. */
type OperatorDeployment = Workload & {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
      readonly spec: { readonly serviceAccountName?: string };
    };
  };
};

/**
 * Stands in for Elastic Cloud on Kubernetes (ECK): it makes the workloads of Elasticsearch, Kibana and Beat on a real API
 * server, and reports in their status whether the pods run. Nothing of Elastic runs: no record is stored, and no index is
 * made. The Secrets with certificates, configurations and users are left out, except the administrator's, and so are
 * volumes in pods.
 */
export class EckStandIn {
  constructor(private readonly api: Api) {}

  /** Does one step for each resource, as long as the operator runs. */
  async advance(): Promise<void> {
    const operators = await this.api.list<OperatorDeployment>("/apis/apps/v1/deployments?labelSelector=olm.owner");
    const operator = operators.find(({ metadata, status }) => metadata.name === MANAGER && isAvailable(status));
    if (operator === undefined) return;
    const targets = operator.spec.template.metadata.annotations?.["olm.targetNamespaces"] ?? "";
    const watches = ({ metadata }: EckResource) => targets === "" || targets.split(",").includes(metadata.namespace);
    const [searches, kibanas, beats] = await Promise.all(
      ["elasticsearch.k8s.elastic.co/v1/elasticsearches", "kibana.k8s.elastic.co/v1/kibanas", "beat.k8s.elastic.co/v1beta1/beats"].map(
        async (path) => (await this.api.list<EckResource>(`/apis/${path}`)).filter(watches),
      ),
    );
    const exists = ({ metadata, spec }: EckResource) =>
      searches.some((each) => each.metadata.name === spec.elasticsearchRef?.name && each.metadata.namespace === metadata.namespace);
    const mayReadNodes = await this.mayReadNodes(operator);
    for (const search of searches) await this.advanceElasticsearch(search, mayReadNodes);
    for (const kibana of kibanas) if (exists(kibana)) await this.advanceKibana(kibana);
    for (const beat of beats) if (exists(beat)) await this.advanceBeat(beat);
  }

  /** Whether the operator has the rights to read nodes: its cache needs get, list and watch. */
  private async mayReadNodes({ metadata, spec }: OperatorDeployment): Promise<boolean> {
    const account = spec.template.spec.serviceAccountName ?? "default";
    const answers = await Promise.all(
      ["get", "list", "watch"].map(async (verb) =>
        this.api.send<{ status?: { allowed?: boolean } }>("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {
          apiVersion: "authorization.k8s.io/v1",
          kind: "SubjectAccessReview",
          spec: {
            user: `system:serviceaccount:${metadata.namespace ?? ""}:${account}`,
            groups: ["system:serviceaccounts", "system:authenticated"],
            resourceAttributes: { verb, resource: "nodes" },
          },
        }),
      ),
    );
    return answers.every(({ status }) => status?.allowed === true);
  }

  private async advanceElasticsearch(search: EckResource, mayReadNodes: boolean): Promise<void> {
    const { nodeSets = [], version } = search.spec;
    const { namespace, name } = search.metadata;
    if ((await this.api.get(`/api/v1/namespaces/${namespace}/secrets/${name}-es-elastic-user`)) === undefined)
      await this.api.create(elasticUser(search, randomBytes(12).toString("hex")));
    for (const claim of nodeSets.flatMap((set) => nodeClaims(search, set))) await this.api.create(claim);
    let ready = 0;
    for (const set of nodeSets) {
      const found = await this.applied(nodeStatefulSet(search, set), "statefulsets");
      // The pods' init container waits, without limit, for annotations that the operator can write only if it may read nodes.
      if (mayReadNodes || !waitsForNodeLabels(search)) ready += found.status?.readyReplicas ?? 0;
    }
    const wanted = nodeSets.reduce((sum, { count }) => sum + count, 0);
    await this.report(search, "elasticsearch.k8s.elastic.co/v1", "elasticsearches", {
      availableNodes: ready,
      version,
      phase: ready >= wanted ? "Ready" : "ApplyingChanges",
      health: ready >= wanted ? "green" : ready > 0 ? "yellow" : "unknown",
      conditions: [],
      inProgressOperations: { downscale: {}, upgrade: {}, upscale: {} },
    });
  }

  private async advanceKibana(kibana: EckResource): Promise<void> {
    const [service, deployment] = kibanaObjects(kibana);
    await this.api.apply(service, MANAGER);
    const { status = {} } = await this.applied(deployment, "deployments");
    await this.report(kibana, "kibana.k8s.elastic.co/v1", "kibanas", {
      count: status.replicas ?? 0,
      availableNodes: status.availableReplicas ?? 0,
      version: kibana.spec.version,
      health: isAvailable(status) ? "green" : "red",
      conditions: [],
      elasticsearchAssociationStatus: "Established",
    });
  }

  private async advanceBeat(beat: EckResource): Promise<void> {
    const { numberReady: ready = 0, desiredNumberScheduled: desired = 0 } =
      (await this.applied(beatDaemonSet(beat), "daemonsets")).status ?? {};
    await this.report(beat, "beat.k8s.elastic.co/v1beta1", "beats", {
      expectedNodes: desired,
      availableNodes: ready,
      version: beat.spec.version,
      health: ready === 0 ? "red" : ready === desired ? "green" : "yellow",
      conditions: [],
      elasticsearchAssociationStatus: "Established",
    });
  }

  private async applied(workload: KubeObject, plural: string): Promise<Workload> {
    await this.api.apply(workload, MANAGER);
    const { namespace, name } = workload.metadata;
    return (await this.api.get<Workload>(`/apis/apps/v1/namespaces/${namespace ?? ""}/${plural}/${name ?? ""}`)) ?? workload;
  }

  private async report({ metadata, status }: EckResource, api: string, plural: string, found: object): Promise<void> {
    const next = { ...found, observedGeneration: metadata.generation };
    if (isDeepStrictEqual({ ...status, ...next }, status)) return;
    await this.api.patchStatus(`/apis/${api}/namespaces/${metadata.namespace}/${plural}/${metadata.name}`, next);
  }
}

function isAvailable(status: Workload["status"]): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === "Available" && value === "True") ?? false;
}
