import { ClusterClient } from "../../lib/kubernetes/client";
import { stopwatch } from "../../lib/run-main";
import { runForCluster } from "../run-for-cluster";
import { type LoggingRequest, waitForLogging } from "./wait";

/** Waits until Loki and the collectors run. Standard input has the kubeconfig; progress is on standard error. */
runForCluster((request, { kubeconfig }) => waitForLogging(new ClusterClient(kubeconfig), request as LoggingRequest, { say: stopwatch() }));
