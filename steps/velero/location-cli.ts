import { ClusterClient } from "../../lib/kubernetes/client";
import { stopwatch } from "../../lib/run-main";
import { runForCluster } from "../run-for-cluster";
import { type ReadLocation, readLocation } from "./location";

/** Waits until Velero has listed the backups of a read-only location. */
runForCluster((request, { kubeconfig }) =>
  readLocation(request as ReadLocation, { client: new ClusterClient(kubeconfig), say: stopwatch() }),
);
