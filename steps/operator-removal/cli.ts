import { runForCluster } from "../cluster-input";
import { OperatorApi } from "../operator/cluster-api";
import { removeOperator, type OperatorRemoval } from "./remove";

/** Removes an operator whose Subscription has been deleted. Standard input has the kubeconfig. */
runForCluster((request, { kubeconfig }) => removeOperator(new OperatorApi(kubeconfig), request as OperatorRemoval));
