import { ClusterClient } from "../../lib/kubernetes/client";
import { stopwatch } from "../../lib/run-main";
import { runForCluster } from "../run-for-cluster";
import { prepareRemoval, type VeleroRemoval } from "./removal";

/** Removes the finalizers of Velero's restores, so that Velero's CRDs or its namespace can be deleted. */
runForCluster((request, { kubeconfig }) =>
  prepareRemoval(request as VeleroRemoval, { client: new ClusterClient(kubeconfig), say: stopwatch() }),
);
