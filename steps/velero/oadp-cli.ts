import { ClusterClient } from "../../lib/kubernetes/client";
import { stopwatch } from "../../lib/run-main";
import { runForCluster } from "../run-for-cluster";
import type { VeleroName } from "./api";
import { waitForOadp } from "./oadp";

/** Waits until the operator OADP has installed Velero's server, and the server runs. */
runForCluster((request, { kubeconfig }) => waitForOadp(request as VeleroName, { client: new ClusterClient(kubeconfig), say: stopwatch() }));
