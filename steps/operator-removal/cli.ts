import { runForCluster } from "../run-for-cluster";
import { OperatorApi } from "../operator/cluster-api";
import { type GroupRemoval, removeGroup, type OperatorRemoval, removeOperator } from "./remove";

const say = (text: string) => process.stderr.write(`${text}\n`);

/** Removes an operator with its Subscription, or the OperatorGroup of a namespace without operators. Standard input has the kubeconfig. */
runForCluster(async (request, { kubeconfig }) => {
  const removal = request as OperatorRemoval | GroupRemoval;
  const api = new OperatorApi(kubeconfig);
  if (!("package" in removal)) return removeGroup(api, removal, say);
  // When an operator moves to another namespace, this program runs before the Pulumi engine deletes the Subscription.
  await api.deleteSubscription(removal.namespace, removal.package);
  return removeOperator(api, removal, say);
});
