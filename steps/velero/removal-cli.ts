import { ClusterClient } from "../../lib/kubernetes/client";
import { stopwatch } from "../../lib/run-main";
import { runForCluster } from "../run-for-cluster";
import { prepareRemoval, type VeleroRemoval } from "./removal";

/** Prepares the removal of Velero's CRDs or of its namespace. */
runForCluster((request, { kubeconfig }) =>
  prepareRemoval(request as VeleroRemoval, { client: new ClusterClient(kubeconfig), say: stopwatch() }),
);
