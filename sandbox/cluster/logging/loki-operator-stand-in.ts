import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import type { Api, KubeObject } from "../api";
import { kubeTime } from "../kube-time";
import { installedOperator } from "./installed-operator";
import { type LokiRefusal, schemaProblem, secretProblem, type StoredSchema } from "./loki-storage";

const MANAGER = "loki-operator-stand-in";

interface Placement {
  readonly nodeSelector?: object;
  readonly tolerations?: readonly object[];
}

interface LokiStack extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly spec: {
    readonly size: string;
    readonly storage: {
      readonly schemas?: readonly StoredSchema[];
      readonly secret: { readonly name: string; readonly credentialMode?: string };
    };
    readonly template?: Readonly<Partial<Record<string, Placement>>>;
  };
  readonly status?: LokiStatus;
}

interface LokiStatus {
  readonly conditions?: readonly Condition[];
  readonly components?: object;
  readonly storage?: { readonly schemas?: readonly StoredSchema[]; readonly credentialMode?: string };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

interface Component {
  readonly replicas: number;
  readonly requests: object;
}

const SIZES = load(readFileSync(join(__dirname, "loki-sizes.yaml"), "utf8")) as Readonly<
  Record<string, Readonly<Record<string, Component>>>
>;

/** Components that are StatefulSets; all other components are Deployments. */
const STATEFUL = ["compactor", "index-gateway", "ingester"];

/** Names of the components in a LokiStack's spec and status, by their label. */
const FIELDS: Readonly<Record<string, string>> = {
  compactor: "compactor",
  distributor: "distributor",
  ingester: "ingester",
  querier: "querier",
  "query-frontend": "queryFrontend",
  "index-gateway": "indexGateway",
  "lokistack-gateway": "gateway",
};

/**
 * A stand-in for the Loki operator (openshift/loki, `operator/internal`, release-6.5). While the operator is installed, it checks the Secret and the
 * schemas of each LokiStack, creates its workloads with their real resource requests, and reports the state of their pods. Loki itself does not
 * run, and the pods have no volumes.
 */
export class LokiOperatorStandIn {
  constructor(private readonly api: Api) {}

  async advance(now = new Date()): Promise<void> {
    if ((await installedOperator(this.api, "lokistacks.loki.grafana.com")) === undefined) return;
    for (const stack of await this.api.list<LokiStack>("/apis/loki.grafana.com/v1/lokistacks")) {
      if (stack.metadata.deletionTimestamp !== undefined) continue;
      const { storage } = stack.spec;
      const refusal = await this.refusal(stack, now);
      const components = await this.podsOf(stack);
      if (refusal !== undefined) {
        await this.report(stack, { ...stack.status, components }, { type: "Degraded", ...refusal }, now);
        continue;
      }
      await this.createWorkloads(stack);
      const mode = storage.secret.credentialMode ?? "static";
      const status = { ...stack.status, components, storage: { schemas: storage.schemas ?? [], credentialMode: mode } };
      await this.report(stack, status, stateOf(components), now);
    }
  }

  private async refusal({ metadata, spec: { storage }, status }: LokiStack, now: Date): Promise<LokiRefusal | undefined> {
    const found = await this.api.get<KubeObject & { data?: Readonly<Record<string, string>> }>(
      `/api/v1/namespaces/${metadata.namespace}/secrets/${storage.secret.name}`,
    );
    const texts =
      found && Object.fromEntries(Object.entries(found.data ?? {}).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
    return secretProblem(texts, storage.secret.credentialMode) ?? schemaProblem(storage.schemas ?? [], status?.storage?.schemas ?? [], now);
  }

  private async createWorkloads(stack: LokiStack): Promise<void> {
    const { apiVersion, kind, metadata, spec } = stack;
    const { name, namespace, uid } = metadata;
    const ownerReferences = [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }];
    await this.api.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace, ownerReferences } }, MANAGER);
    for (const [component, { replicas, requests }] of Object.entries(SIZES[spec.size] ?? {})) {
      const labels = labelsOf(name, component);
      const container = { name: component, image: "example.com/simulated", resources: { requests } };
      const pod = { serviceAccountName: name, containers: [container], ...spec.template?.[FIELDS[component]] };
      const workload = STATEFUL.includes(component) ? "StatefulSet" : "Deployment";
      await this.api.apply(
        {
          apiVersion: "apps/v1",
          kind: workload,
          metadata: { name: `${name}-${component.replace("lokistack-", "")}`, namespace, labels, ownerReferences },
          spec: {
            replicas,
            selector: { matchLabels: labels },
            ...(workload === "StatefulSet" && { serviceName: `${name}-${component}`, podManagementPolicy: "OrderedReady" }),
            template: { metadata: { labels }, spec: pod },
          },
        },
        MANAGER,
      );
    }
  }

  /** For each component, the names of its pods by state (`operator/internal/status/components.go`: podStatus). */
  private async podsOf({ metadata: { name, namespace } }: LokiStack): Promise<Record<string, Record<string, string[]>>> {
    const pods = await this.api.list<Pod>(`/api/v1/namespaces/${namespace}/pods?labelSelector=app.kubernetes.io/instance%3D${name}`);
    const byComponent: Record<string, Record<string, string[]>> = {};
    for (const [component, field] of Object.entries(FIELDS)) {
      // All states are listed, because a merge patch would keep the old value of a state that is left out.
      const states: Record<string, string[]> = { Failed: [], Pending: [], Running: [], Ready: [], Unknown: [] };
      for (const pod of pods.filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/component"] === component))
        states[podState(pod)].push(pod.metadata.name ?? "");
      byComponent[field] = states;
    }
    return byComponent;
  }

  /** Writes a status if it has changed (`operator/internal/status/conditions.go`: mergeConditions). */
  private async report(
    { metadata, status: before }: LokiStack,
    status: LokiStatus,
    active: Pick<Condition, "type" | "reason" | "message">,
    now: Date,
  ): Promise<void> {
    const others = (before?.conditions ?? []).filter(({ type, reason }) => type !== active.type || reason !== active.reason);
    const conditions = [
      { ...active, status: "True", lastTransitionTime: kubeTime(now) },
      ...others.map((each) => (each.status === "False" ? each : { ...each, status: "False", lastTransitionTime: kubeTime(now) })),
    ];
    const next = { ...status, conditions };
    if (withoutTimes(next) === withoutTimes(before)) return;
    await this.api.patchStatus(`/apis/loki.grafana.com/v1/namespaces/${metadata.namespace}/lokistacks/${metadata.name}`, next);
  }
}

interface Pod extends KubeObject {
  readonly status?: { readonly phase?: string; readonly containerStatuses?: readonly { readonly ready: boolean }[] };
}

function labelsOf(stack: string, component: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": "lokistack",
    "app.kubernetes.io/instance": stack,
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/managed-by": "lokistack-controller",
  };
}

function podState({ status }: Pod): "Failed" | "Pending" | "Running" | "Ready" | "Unknown" {
  if (status?.phase === "Failed" || status?.phase === "Pending") return status.phase;
  if (status?.phase !== "Running") return "Unknown";
  return status.containerStatuses?.some(({ ready }) => !ready) === true ? "Running" : "Ready";
}

/** The condition that follows from the pods (`operator/internal/status/lokistack.go`: generateCondition). */
function stateOf(components: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>) {
  const has = (state: string) => Object.values(components).some((pods) => (pods[state] ?? []).length > 0);
  if (has("Failed")) return { type: "Failed", reason: "FailedComponents", message: "One or more LokiStack components failed" };
  if (has("Pending"))
    return { type: "Pending", reason: "PendingComponents", message: "One or more LokiStack components pending on dependencies" };
  if (has("Running"))
    return { type: "Pending", reason: "PendingComponents", message: "All components are running, but some readiness checks are failing" };
  return { type: "Ready", reason: "ReadyComponents", message: "All components ready" };
}

function withoutTimes(status: object | undefined): string {
  return JSON.stringify(status ?? {}, (key, value: unknown) => {
    if (key === "lastTransitionTime") return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
