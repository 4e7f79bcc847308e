import { ClusterClient } from "../../lib/kubernetes/client";
import { runForCluster } from "../run-for-cluster";
import { OperatorApi } from "../operator/cluster-api";
import { type GroupRemoval, removeGroup, type OperatorRemoval, removeOperator } from "./remove";

const say = (text: string) => process.stderr.write(`${text}\n`);

/** Removes an operator with its Subscription, or the OperatorGroup of a namespace without operators. Standard input has the kubeconfig. */
runForCluster(async (request, { kubeconfig }) => {
  const removal = request as OperatorRemoval | GroupRemoval;
  const { namespace } = removal;
  const client = new ClusterClient(kubeconfig);
  const api = new OperatorApi(kubeconfig);
  const folder = (version: string) => `/apis/operators.coreos.com/${version}/namespaces/${namespace}`;
  if (!("package" in removal)) {
    const deleteGroup = () => client.delete(`${folder("v1")}/operatorgroups/${namespace}`);
    return removeGroup({ state: (of) => api.state(of), deleteGroup }, removal, say);
  }
  // When an operator moves to another namespace, this program runs before the Pulumi engine deletes the Subscription.
  await client.delete(`${folder("v1alpha1")}/subscriptions/${removal.package}`);
  return removeOperator(api, removal, say);
});
