import { ClusterClient } from "../../lib/kubernetes/client";
import { stopwatch } from "../../lib/run-main";
import { runForCluster } from "../run-for-cluster";
import { type ElasticReady, waitForElastic } from "./wait";

/** Waits until Elasticsearch, Kibana and Filebeat are healthy; progress is on standard error. */
runForCluster((request, { kubeconfig }) =>
  waitForElastic(request as ElasticReady, { client: new ClusterClient(kubeconfig), say: stopwatch() }),
);
