import type { Api, KubeObject } from "../api";
import { kubeTime } from "../kube-time";
import { adminSecret, instanceObjects, neededSecrets } from "./instance-objects";
import { CONTENTS, type GrafanaCondition, type GrafanaContent, type GrafanaInstance, grafanaPath, type KeyReference } from "./objects";

const MANAGER = "grafana-operator";
const FINALIZER = "operator.grafana.com/finalizer";
/** The version that the pinned release of the operator runs by default (grafana/grafana-operator, `controllers/config/operator_constants.go`, v5.22.2). */
const DEFAULT_VERSION = "12.4.1";

interface Deployment extends KubeObject {
  status?: { readonly availableReplicas?: number };
}

/** The state of a condition, without the fields that the stand-in adds. */
type State = Pick<GrafanaCondition, "status" | "reason" | "message">;

/**
 * A stand-in for grafana-operator: it makes the objects of each Grafana, and reports the operator's conditions for datasources, folders and
 * dashboards (grafana/grafana-operator, `controllers/`, v5.22.2). Grafana itself does not run: its pod is simulated, and keeps
 * no content.
 */
export class GrafanaOperatorStandIn {
  constructor(
    private readonly api: Api,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Does one step for each object in the namespace, as the operator would when it sees the object. */
  async advance(namespace: string): Promise<void> {
    const instances = await this.api.list<GrafanaInstance>(grafanaPath("grafanas", namespace));
    for (const instance of instances) if (instance.metadata.deletionTimestamp === undefined) await this.run(instance);
    for (const { plural, condition } of CONTENTS)
      for (const content of await this.api.list<GrafanaContent>(grafanaPath(plural, namespace)))
        await this.synchronize(content, grafanaPath(plural, namespace, content.metadata.name), condition, instances);
  }

  private async run(instance: GrafanaInstance): Promise<void> {
    const { name, namespace } = instance.metadata;
    const path = grafanaPath("grafanas", namespace, name);
    if (instance.spec.version === undefined) await this.api.patch(path, { spec: { version: DEFAULT_VERSION } });
    await this.api.create(adminSecret(instance));
    for (const object of instanceObjects(instance)) await this.api.apply(object, MANAGER);
    const problem = await this.problemOf(instance);
    const status = {
      stage: "complete",
      stageStatus: problem === undefined ? "success" : "failed",
      lastMessage: problem ?? "",
      adminUrl: `${instance.spec.config?.server?.protocol ?? "http"}://${name}-service.${namespace}.svc:3000`,
    };
    const { stageStatus, lastMessage } = instance.status ?? {};
    const ready: State = { status: "True", reason: "GrafanaReady", message: "Grafana reconcile completed" };
    const known = instance.status?.conditions?.find(({ type }) => type === "GrafanaReady");
    const isCurrent = problem !== undefined || known?.observedGeneration === instance.metadata.generation;
    if (stageStatus === status.stageStatus && lastMessage === status.lastMessage && isCurrent) return;
    await this.api.patchStatus(path, {
      ...status,
      conditions: problem === undefined ? [this.condition(instance, "GrafanaReady", ready)] : [],
    });
  }

  /** The reason why Grafana does not answer; undefined if it answers. */
  private async problemOf(instance: GrafanaInstance): Promise<string | undefined> {
    const { name, namespace } = instance.metadata;
    for (const [secret, keys] of neededSecrets(instance)) {
      const found = await this.api.get<KubeObject & { data?: object }>(`/api/v1/namespaces/${namespace}/secrets/${secret}`);
      const missing = found === undefined ? secret : keys.find((key) => !Object.hasOwn(found.data ?? {}, key));
      if (missing !== undefined)
        return `failed to authenticate with instance: the pod does not start, because of Secret ${secret}: no ${missing}`;
    }
    const deployment = await this.api.get<Deployment>(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}-deployment`);
    return (deployment?.status?.availableReplicas ?? 0) > 0 ? undefined : "failed to authenticate with instance: no pod is ready";
  }

  /** Processes a datasource, folder or dashboard as `controllers/{datasource,folder,dashboard}_controller.go` do. */
  private async synchronize(content: GrafanaContent, path: string, type: string, instances: readonly GrafanaInstance[]): Promise<void> {
    const { metadata, spec } = content;
    const { finalizers = [] } = metadata;
    if (metadata.deletionTimestamp !== undefined) {
      if (finalizers.includes(FINALIZER))
        await this.api.patch(path, { metadata: { finalizers: finalizers.filter((each) => each !== FINALIZER) } });
      return;
    }
    const matches = instances.filter(
      (instance) =>
        instance.status?.stageStatus === "success" &&
        Object.entries(spec.instanceSelector.matchLabels ?? {}).every(([key, value]) => instance.metadata.labels?.[key] === value),
    );
    const [condition, state] = await this.stateOf(content, type, matches.length);
    const known = content.status?.conditions?.[0];
    if (known?.type === condition && known.message === state.message && known.observedGeneration === metadata.generation) return;
    await this.api.patchStatus(path, { conditions: [this.condition(content, condition, state)], lastResync: kubeTime(this.now()) });
    const wanted =
      condition === "NoMatchingInstance" ? finalizers.filter((each) => each !== FINALIZER) : [...new Set([...finalizers, FINALIZER])];
    if (wanted.length !== finalizers.length) await this.api.patch(path, { metadata: { finalizers: wanted } });
  }

  private async stateOf({ metadata, spec }: GrafanaContent, type: string, matches: number): Promise<readonly [string, State]> {
    if (matches === 0) {
      const message = "None of the available Grafana instances matched the selector, skipping reconciliation";
      return ["NoMatchingInstance", { status: "True", reason: "EmptyAPIReply", message }];
    }
    const problem = await this.invalid(spec, metadata.namespace);
    if (problem !== undefined) return ["InvalidSpec", { status: "True", reason: "InvalidModel", message: problem }];
    if (spec.folderRef !== undefined && !(await this.exists(grafanaPath("grafanafolders", metadata.namespace, spec.folderRef)))) {
      const message = `Folder with name ${spec.folderRef} not found in namespace ${metadata.namespace}`;
      return ["NoMatchingFolder", { status: "True", reason: "NotFound", message }];
    }
    const what = type.replace("Synchronized", "");
    return [type, { status: "True", reason: "ApplySuccessful", message: `${what} was successfully applied to ${matches} instances` }];
  }

  /** The reason why the content of an object can't be written to Grafana; undefined if it can. The JSON may be invalid, or a value may be missing. */
  private async invalid({ json, valuesFrom = [] }: GrafanaContent["spec"], namespace: string): Promise<string | undefined> {
    if (json !== undefined)
      try {
        JSON.parse(json);
      } catch (error) {
        return `failed to parse the model: ${String(error)}`;
      }
    for (const { valueFrom } of valuesFrom) {
      const [plural, reference] = valueFrom.secretKeyRef ? ["secrets", valueFrom.secretKeyRef] : ["configmaps", valueFrom.configMapKeyRef];
      if (reference !== undefined && !(await this.hasKey(plural, namespace, reference)))
        return `getting referenced value: missing key ${reference.key} in ${plural.slice(0, -1)} ${reference.name}`;
    }
    return undefined;
  }

  private async hasKey(plural: string, namespace: string, { name, key }: KeyReference): Promise<boolean> {
    const found = await this.api.get<KubeObject & { data?: object }>(`/api/v1/namespaces/${namespace}/${plural}/${name}`);
    return Object.hasOwn(found?.data ?? {}, key);
  }

  private async exists(path: string): Promise<boolean> {
    return (await this.api.get(path)) !== undefined;
  }

  private condition({ metadata }: GrafanaInstance | GrafanaContent, type: string, state: State): GrafanaCondition {
    return { type, ...state, observedGeneration: metadata.generation, lastTransitionTime: kubeTime(this.now()) };
  }
}
