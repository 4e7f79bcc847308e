import { ClusterClient } from "../../lib/kubernetes/client";
import {
  type ClusterCatalog,
  type ClusterExtension,
  type ExtensionRequest,
  extensionsPath,
  type ExtensionState,
  type OperatorDeployment,
} from "./objects";

/**
 * The label with which OLM marks everything that a ClusterExtension installs (openshift/operator-framework-operator-controller,
 * `internal/operator-controller/labels/labels.go`, release-4.20).
 */
const OWNER = "olm.operatorframework.io/owner-name";

/** Reads the objects of version 1 of the Operator Lifecycle Manager. @throws Error if the API refuses or does not answer */
export class ExtensionApi {
  private readonly client: Pick<ClusterClient, "get" | "list">;

  constructor(kubeconfig: string) {
    this.client = new ClusterClient(kubeconfig);
  }

  async state({ package: name, namespace }: Pick<ExtensionRequest, "package" | "namespace">): Promise<ExtensionState> {
    const [extension, catalogs, deployments] = await Promise.all([
      this.client.get<ClusterExtension>(`${extensionsPath("clusterextensions")}/${name}`),
      // The list, and not the object, because only the list tells a cluster without OLM from one without this catalog.
      this.client.list<ClusterCatalog>(extensionsPath("clustercatalogs")),
      this.client.list<OperatorDeployment>(
        `/apis/apps/v1/namespaces/${namespace}/deployments?labelSelector=${encodeURIComponent(`${OWNER}=${name}`)}`,
      ),
    ]);
    return { ...(extension && { extension }), catalogs, deployments };
  }
}
