import { ClusterClient } from "../../lib/kubernetes/client";
import { runForCluster } from "../run-for-cluster";
import { type LabelsAndTaintsRequest, removeLabelsAndTaints, setLabelsAndTaints } from "./node-labels";

/** The command of `components/cluster/node-labels.ts`. */
runForCluster(async (request, { kubeconfig }) => {
  const { action, ...wanted } = request as LabelsAndTaintsRequest;
  const client = new ClusterClient(kubeconfig);
  await (action === "set" ? setLabelsAndTaints(client, wanted) : removeLabelsAndTaints(client, wanted));
});
