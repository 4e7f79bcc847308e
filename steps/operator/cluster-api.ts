import { ClusterClient } from "../../lib/kubernetes/client";
import type {
  CatalogSource,
  ClusterServiceVersion,
  InstallPlan,
  OperatorGroup,
  OperatorRequest,
  OperatorState,
  PackageManifest,
  Subscription,
} from "./objects";

/** Annotation of a Subscription with the time at which the program last made OLM resolve it again. The name is this project's choice. */
const WAKE_ANNOTATION = "okd-aws/resolve-after";

/** Reads and writes the objects of the Operator Lifecycle Manager. @throws Error if the API refuses or does not answer */
export class OperatorApi {
  private readonly client: ClusterClient;

  constructor(kubeconfig: string) {
    this.client = new ClusterClient(kubeconfig);
  }

  async state({ namespace, source }: Pick<OperatorRequest, "namespace" | "source">): Promise<OperatorState> {
    const [groups, subscriptions, plans, csvs, sources] = await Promise.all([
      this.client.list<OperatorGroup>(operatorsPath(namespace, "operatorgroups", "v1")),
      this.client.list<Subscription>(operatorsPath(namespace, "subscriptions")),
      this.client.list<InstallPlan>(operatorsPath(namespace, "installplans")),
      this.client.list<ClusterServiceVersion>(operatorsPath(namespace, "clusterserviceversions")),
      this.client.list<CatalogSource>(operatorsPath(source.namespace, "catalogsources")),
    ]);
    return { groups, subscriptions, plans, csvs: csvs.filter((csv) => !isCopy(csv)), copies: csvs.filter(isCopy), sources };
  }

  /**
   * The versions of the operator's package by the name of their ClusterServiceVersion (openshift/operator-framework-olm,
   * `pkg/package-server/apis/operators/v1/packagemanifest_types.go` of its operator-lifecycle-manager, release-4.14 to release-4.19). Empty if the
   * catalog does not offer the package, or if another catalog offers it too, and OLM shows the package of the other catalog.
   */
  async versions({ package: name, source }: OperatorRequest): Promise<ReadonlyMap<string, string>> {
    const path = `/apis/packages.operators.coreos.com/v1/namespaces/${source.namespace}/packagemanifests/${name}`;
    const { status } = (await this.client.get<PackageManifest>(path)) ?? {};
    if (status?.catalogSource !== source.name || status.catalogSourceNamespace !== source.namespace) return new Map();
    const entries = (status.channels ?? []).flatMap((channel) => channel.entries ?? []);
    return new Map(entries.flatMap((entry) => (entry.version === undefined ? [] : [[entry.name, entry.version]])));
  }

  async approve(namespace: string, plan: string): Promise<void> {
    await this.client.send("PATCH", `${operatorsPath(namespace, "installplans")}/${plan}`, { spec: { approved: true } });
  }

  /** Deletes an InstallPlan. @throws RefusedByApi with status 409 if it has changed since it was read, for instance by an approval */
  async discard(namespace: string, { metadata: { name, uid, resourceVersion } }: InstallPlan): Promise<void> {
    const options = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid, resourceVersion } };
    await this.client.send("DELETE", `${operatorsPath(namespace, "installplans")}/${name}`, options);
  }

  /** Changes an annotation of a Subscription, so that OLM resolves the Subscriptions of the namespace again. */
  async wake(namespace: string, subscription: string): Promise<void> {
    const annotations = { [WAKE_ANNOTATION]: new Date().toISOString() };
    await this.client.send("PATCH", `${operatorsPath(namespace, "subscriptions")}/${subscription}`, { metadata: { annotations } });
  }

  async deleteSubscription(namespace: string, name: string): Promise<void> {
    await this.client.delete(`${operatorsPath(namespace, "subscriptions")}/${name}`);
  }

  /** Deletes the OperatorGroup that has the name of its namespace. */
  async deleteGroup(namespace: string): Promise<void> {
    await this.client.delete(`${operatorsPath(namespace, "operatorgroups", "v1")}/${namespace}`);
  }

  /** Deletes a ClusterServiceVersion; the garbage collector then deletes its Deployments. */
  async deleteCsv(namespace: string, name: string): Promise<void> {
    await this.client.delete(`${operatorsPath(namespace, "clusterserviceversions")}/${name}`);
  }
}

/** The path of the objects of a kind. */
export function operatorsPath(namespace: string, plural: string, version = "v1alpha1"): string {
  return `/apis/operators.coreos.com/${version}/namespaces/${namespace}/${plural}`;
}

/** OLM copies the ClusterServiceVersions of operators that watch all namespaces into each namespace (operator-framework/api, CopiedLabelKey). */
function isCopy({ metadata }: ClusterServiceVersion): boolean {
  return metadata.labels !== undefined && "olm.copiedFrom" in metadata.labels;
}
