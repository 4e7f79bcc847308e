import { ClusterClient } from "../../lib/kubernetes/client";
import { runForCluster } from "../cluster-input";
import { type NodeMarksRequest, removeNodeMarks, setNodeMarks } from "./node-labels";

/** The command of `components/cluster/node-labels.ts`. */
runForCluster(async (request, { kubeconfig }) => {
  const { action, ...marks } = request as NodeMarksRequest;
  const client = new ClusterClient(kubeconfig);
  await (action === "set" ? setNodeMarks(client, marks) : removeNodeMarks(client, marks));
});
