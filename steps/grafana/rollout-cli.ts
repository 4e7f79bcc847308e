import { ClusterClient } from "../../lib/kubernetes/client";
import { stopwatch } from "../../lib/run-main";
import { runForCluster } from "../run-for-cluster";
import { waitForGrafana } from "./rollout";

/** Waits until Grafana runs with its current settings. */
runForCluster((_, { kubeconfig }) => waitForGrafana({ client: new ClusterClient(kubeconfig), say: stopwatch() }));
