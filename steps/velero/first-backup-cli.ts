import { ClusterClient } from "../../lib/kubernetes/client";
import { stopwatch } from "../../lib/run-main";
import { runForCluster } from "../run-for-cluster";
import { type FirstBackup, makeFirstBackup } from "./first-backup";

/** Makes the first backup of a schedule. */
runForCluster((request, { kubeconfig }) =>
  makeFirstBackup(request as FirstBackup, { client: new ClusterClient(kubeconfig), say: stopwatch() }),
);
