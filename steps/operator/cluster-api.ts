import { ClusterClient } from "../../lib/kubernetes/client";
import type {
  CatalogSource,
  ClusterServiceVersion,
  InstallPlan,
  OperatorGroup,
  OperatorRequest,
  OperatorState,
  Subscription,
} from "./objects";

/** Reads and writes the objects of the Operator Lifecycle Manager. @throws Error if the API refuses or does not answer */
export class OperatorApi {
  private readonly client: ClusterClient;

  constructor(kubeconfig: string) {
    this.client = new ClusterClient(kubeconfig);
  }

  async state({ namespace, source }: Pick<OperatorRequest, "namespace" | "source">): Promise<OperatorState> {
    const [groups, subscriptions, plans, csvs, sources] = await Promise.all([
      this.client.list<OperatorGroup>(pathOf(namespace, "operatorgroups", "v1")),
      this.client.list<Subscription>(pathOf(namespace, "subscriptions")),
      this.client.list<InstallPlan>(pathOf(namespace, "installplans")),
      this.client.list<ClusterServiceVersion>(pathOf(namespace, "clusterserviceversions")),
      this.client.list<CatalogSource>(pathOf(source.namespace, "catalogsources")),
    ]);
    return { groups, subscriptions, plans, csvs: csvs.filter((csv) => !isCopy(csv)), sources };
  }

  async approve(namespace: string, plan: string): Promise<void> {
    await this.client.send("PATCH", `${pathOf(namespace, "installplans")}/${plan}`, { spec: { approved: true } });
  }

  /** Deletes a ClusterServiceVersion; the garbage collector then deletes its Deployments. */
  async deleteCsv(namespace: string, name: string): Promise<void> {
    await this.client.delete(`${pathOf(namespace, "clusterserviceversions")}/${name}`);
  }
}

function pathOf(namespace: string, plural: string, version = "v1alpha1"): string {
  return `/apis/operators.coreos.com/${version}/namespaces/${namespace}/${plural}`;
}

/** OLM copies the ClusterServiceVersions of operators that watch all namespaces into each namespace (operator-framework/api, CopiedLabelKey). */
function isCopy({ metadata }: ClusterServiceVersion): boolean {
  return metadata.labels !== undefined && "olm.copiedFrom" in metadata.labels;
}
