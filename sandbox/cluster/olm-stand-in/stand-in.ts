import { type Api, ApiError, type KubeObject } from "../api";
import { kubeTime } from "../kube-time";
import { OWNER_LABEL } from "./bundle-steps";
import { catalogInImage, type OlmCatalog } from "./catalog";
import { nextPhase, statusWith } from "./csv-phase";
import { defaultSources, GLOBAL_NAMESPACE } from "./default-sources";
import { deploymentsOf } from "./deployment";
import type { DefinitionOf } from "./known-definitions";
import { NamespaceResolver } from "./namespace-resolver";
import {
  OLM_LISTS,
  OLM_MANAGER,
  olmPath,
  type OlmCsv,
  type OlmDeployment,
  type OlmGroup,
  type OlmInstallPlan,
  type OlmRequirement,
  type OlmSource,
  type OlmState,
  type OlmSubscription,
} from "./objects";
import { InstallPlans } from "./install-plans";
import { ResolveQueue } from "./resolve-queue";
import { sameStatus } from "./subscription-status";
import { UnpackedBundles } from "./unpacking";

export interface OlmOptions {
  /** The cluster's release: the stand-in creates the default CatalogSources of this release. If undefined, it creates no CatalogSources. */
  readonly release?: string;
  /** The content of a CatalogSource; undefined if its catalog does not answer. Default: the stand-in's catalogs, by image. */
  readonly catalogOf?: (source: OlmSource) => OlmCatalog | undefined;
  /** Finds the CRDs that bundles bring; of other CRDs only the names are known. Default: finds none. */
  readonly definitionOf?: DefinitionOf;
  readonly now?: () => Date;
}

const operatorHub = "/apis/config.openshift.io/v1/operatorhubs/cluster";

/**
 * The finalizer with which OLM cleans up before a ClusterServiceVersion is deleted (openshift/operator-framework-olm, `pkg/controller/operators/olm/operator.go`, release-4.16 and
 * later).
 */
const CLEANUP_FINALIZER = "operators.coreos.com/csv-cleanup";

/**
 * Stands in for version 0 of the Operator Lifecycle Manager. The stand-in works on the objects of a real API server, and
 * remembers only which objects it has seen. Each call of `advance` does one step for each object, as the real controllers
 * would do when they see the object.
 */
export class OlmStandIn {
  private readonly catalogOf: (source: OlmSource) => OlmCatalog | undefined;
  private readonly now: () => Date;
  private readonly queue = new ResolveQueue();
  private readonly unpacked = new UnpackedBundles();

  constructor(
    private readonly api: Api,
    private readonly options: OlmOptions = {},
  ) {
    this.catalogOf = options.catalogOf ?? (({ spec }) => (spec.image === undefined ? undefined : catalogInImage(spec.image)));
    this.now = options.now ?? (() => new Date());
  }

  /** @throws ApiError if the API server refuses a request, for instance because of a conflict; the next call tries again */
  async advance(): Promise<void> {
    await this.ensureDefaultSources();
    const [sources, subscriptions, plans, csvs, groups] = await Promise.all([
      this.api.list<OlmSource>(OLM_LISTS.sources),
      this.api.list<OlmSubscription>(OLM_LISTS.subscriptions),
      this.api.list<OlmInstallPlan>(OLM_LISTS.plans),
      this.api.list<OlmCsv>(OLM_LISTS.csvs),
      this.api.list<OlmGroup>(OLM_LISTS.groups),
    ]);
    const state: OlmState = { sources, subscriptions, plans, csvs, groups };
    for (const source of sources) await this.reportSource(source);
    for (const group of groups) await this.reportGroup(group, state);
    const resolver = new NamespaceResolver(this.api, {
      state,
      catalogOf: this.catalogOf,
      queue: this.queue,
      unpacked: this.unpacked,
      definitionOf: this.options.definitionOf,
      now: this.now(),
    });
    for (const namespace of new Set(subscriptions.map(({ metadata }) => metadata.namespace))) await resolver.advance(namespace);
    const installPlans = new InstallPlans(this.api);
    for (const plan of plans) await installPlans.advance(plan);
    for (const csv of csvs) await this.advanceCsv(csv, state);
  }

  private async ensureDefaultSources(): Promise<void> {
    const { release } = this.options;
    if (release === undefined) return;
    const hub = await this.api.get<KubeObject & { spec?: object }>(operatorHub);
    if (hub === undefined) return;
    const { enabled, disabled } = defaultSources(hub.spec ?? {}, release);
    for (const source of enabled) await this.api.create(source);
    for (const name of disabled) {
      const path = olmPath(OLM_LISTS.sources, { namespace: GLOBAL_NAMESPACE, name });
      const found = await this.api.get(path);
      if (found?.metadata.annotations?.["operatorframework.io/managed-by"] === "marketplace-operator") await this.api.send("DELETE", path);
    }
  }

  private async reportSource(source: OlmSource): Promise<void> {
    const state = this.catalogOf(source) === undefined ? "TRANSIENT_FAILURE" : "READY";
    if (source.status?.connectionState?.lastObservedState === state) return;
    const { name, namespace } = source.metadata;
    const address = source.spec.address ?? `${name}.${namespace}.svc:50051`;
    const connectionState = { address, lastConnect: kubeTime(this.now()), lastObservedState: state };
    await this.api.patchStatus(olmPath(OLM_LISTS.sources, source.metadata), { connectionState });
  }

  private async reportGroup(group: OlmGroup, { groups }: OlmState): Promise<void> {
    const { namespace } = group.metadata;
    const targets = group.spec?.targetNamespaces ?? [];
    const several = groups.filter(({ metadata }) => metadata.namespace === namespace).length > 1;
    const condition = {
      type: "MultipleOperatorGroups",
      status: "True",
      reason: "MultipleOperatorGroupsFound",
      message: "Multiple OperatorGroup found in the same namespace",
      lastTransitionTime: kubeTime(this.now()),
    };
    const others = (group.status?.conditions ?? []).filter(({ type }) => type !== condition.type);
    const status = {
      namespaces: targets.length === 0 ? [""] : [...targets].sort(),
      conditions: several ? [...others, condition] : others,
      lastUpdated: kubeTime(this.now()),
    };
    if (!sameStatus(group.status, status)) await this.api.patchStatus(olmPath(OLM_LISTS.groups, group.metadata), status);
  }

  private async advanceCsv(found: OlmCsv, state: OlmState): Promise<void> {
    const { namespace, name } = found.metadata;
    const inNamespace = <T extends OlmCsv | OlmGroup | OlmSubscription>(all: readonly T[]) =>
      all.filter(({ metadata }) => metadata.namespace === namespace);
    const path = olmPath(OLM_LISTS.csvs, found.metadata);
    const { deletionTimestamp, finalizers = [] } = found.metadata;
    if (deletionTimestamp !== undefined) {
      await this.deleteClusterWide(name);
      await this.api.patch(path, { metadata: { finalizers: finalizers.filter((each) => each !== CLEANUP_FINALIZER) } });
      return;
    }
    if (!finalizers.includes(CLEANUP_FINALIZER))
      await this.api.patch(path, { metadata: { finalizers: [...finalizers, CLEANUP_FINALIZER] } });
    if (found.status?.phase === "Deleting") {
      await this.api.send("DELETE", path);
      return;
    }
    const groups = inNamespace(state.groups);
    const csv = await this.withGroup(found, groups);
    const subscription = inNamespace(state.subscriptions).find(
      ({ status }) => status?.currentCSV === name || status?.installedCSV === name,
    );
    const wanted = deploymentsOf(csv, subscription);
    const requirements = await this.requirementsOf(csv);
    const deployments = await this.api.list<OlmDeployment>(
      `/apis/apps/v1/namespaces/${namespace}/deployments?labelSelector=olm.owner%3D${name}`,
    );
    const next = nextPhase(csv, { groups, csvs: inNamespace(state.csvs), requirements, deployments, wanted, now: this.now() });
    if (next === undefined) return;
    const watchesAll = groups.length === 1 && (groups[0].spec?.targetNamespaces ?? []).length === 0;
    if (watchesAll) await this.liftRights(csv);
    if (next.phase === "Installing" && csv.status?.phase === "InstallReady")
      for (const deployment of wanted) await this.api.apply(deployment, OLM_MANAGER);
    await this.api.patchStatus(path, statusWith(csv, next, requirements, this.now()));
  }

  /**
   * Gives an operator that watches all namespaces its rights in the whole cluster, and the right to read Namespaces
   * (`pkg/controller/operators/olm/operatorgroup.go`, master: ensureSingletonRBAC). Other operators keep their rights in their own namespace only.
   */
  private async liftRights({ metadata: { namespace, name: csv } }: OlmCsv): Promise<void> {
    const api = "rbac.authorization.k8s.io";
    const owned = `labelSelector=${encodeURIComponent(`${OWNER_LABEL}=${csv}`)}`;
    const list = async <T extends KubeObject>(plural: string) =>
      this.api.list<T>(`/apis/${api}/v1/namespaces/${namespace}/${plural}?${owned}`);
    for (const { metadata, rules } of await list<KubeObject & { rules: object[] }>("roles"))
      await this.api.create({
        apiVersion: `${api}/v1`,
        kind: "ClusterRole",
        metadata: { name: metadata.name, labels: metadata.labels },
        rules: [...rules, { apiGroups: [""], resources: ["namespaces"], verbs: ["get", "list", "watch"] }],
      });
    for (const { metadata, subjects, roleRef } of await list<KubeObject & { roleRef: object }>("rolebindings"))
      await this.api.create({
        apiVersion: `${api}/v1`,
        kind: "ClusterRoleBinding",
        metadata: { name: metadata.name, labels: metadata.labels },
        subjects,
        roleRef: { ...roleRef, kind: "ClusterRole" },
      });
  }

  /** Deletes the cluster-wide objects of a deleted version, which the garbage collector would leave. */
  private async deleteClusterWide(csv: string): Promise<void> {
    for (const plural of ["clusterrolebindings", "clusterroles"]) {
      const path = `/apis/rbac.authorization.k8s.io/v1/${plural}`;
      for (const { metadata } of await this.api.list<KubeObject>(`${path}?labelSelector=${encodeURIComponent(`${OWNER_LABEL}=${csv}`)}`))
        await this.api.send("DELETE", `${path}/${metadata.name ?? ""}`);
    }
  }

  /** Writes the group's annotations (`pkg/controller/operators/olm/operatorgroup.go`, master: setOperatorGroupAnnotations). */
  private async withGroup(csv: OlmCsv, groups: readonly OlmGroup[]): Promise<OlmCsv> {
    if (groups.length !== 1) return csv;
    const [{ metadata, spec }] = groups;
    const annotations = {
      "olm.operatorGroup": metadata.name,
      "olm.operatorNamespace": metadata.namespace,
      "olm.targetNamespaces": [...(spec?.targetNamespaces ?? [])].sort().join(","),
    };
    const changed = { ...csv, metadata: { ...csv.metadata, annotations: { ...csv.metadata.annotations, ...annotations } } };
    if (!sameStatus(csv.metadata.annotations, changed.metadata.annotations))
      await this.api.patch(olmPath(OLM_LISTS.csvs, csv.metadata), { metadata: { annotations } });
    return changed;
  }

  /** CRDs and service accounts that must exist (`pkg/controller/operators/olm/requirements.go`, master). */
  private async requirementsOf({ metadata, spec }: OlmCsv): Promise<OlmRequirement[]> {
    const { owned = [], required = [] } = spec.customresourcedefinitions ?? {};
    const crd = { group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition" };
    const definitions = [...owned, ...required].map(async ({ name }): Promise<OlmRequirement> => {
      const exists = await this.exists(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`);
      return exists
        ? { ...crd, name, status: "Present", message: "CRD is present and Established condition is true" }
        : { ...crd, name, status: "NotPresent", message: "CRD is not present" };
    });
    const accounts = spec.install.spec.deployments.flatMap((each) => each.spec.template.spec.serviceAccountName ?? []);
    const account = { group: "", version: "v1", kind: "ServiceAccount" };
    const permissions = [...new Set(accounts)].map(async (name): Promise<OlmRequirement> => {
      const exists = await this.exists(`/api/v1/namespaces/${metadata.namespace}/serviceaccounts/${name}`);
      return exists
        ? { ...account, name, status: "Present", message: "" }
        : { ...account, name, status: "NotPresent", message: "Service account does not exist" };
    });
    return Promise.all([...definitions, ...permissions]);
  }

  private async exists(path: string): Promise<boolean> {
    return (await this.api.get(path)) !== undefined;
  }
}

/**
 * Whether an error only means that the object was changed or deleted after it was read, or that the API server is not
 * ready for its kind (429).
 */
export function isOutdated(error: unknown): boolean {
  return error instanceof ApiError && [404, 409, 429].includes(error.status);
}
