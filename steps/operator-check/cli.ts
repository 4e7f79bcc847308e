import { ClusterClient } from "../../lib/kubernetes/client";
import { runForCluster } from "../run-for-cluster";
import { checkBeforeOperator, type OperatorCheckRequest } from "./check";

/** Ends with an error if an operator's objects would disturb objects that somebody else has created. Standard input has the kubeconfig. */
runForCluster(async (request, { kubeconfig }) => {
  const { problem, notice } = await checkBeforeOperator(new ClusterClient(kubeconfig), request as OperatorCheckRequest);
  if (problem !== undefined) throw new Error(problem);
  if (notice !== undefined) process.stderr.write(`${notice}\n`);
});
