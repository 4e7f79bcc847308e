import { ClusterClient } from "../../lib/kubernetes/client";
import { runForCluster } from "../run-for-cluster";
import { releaseRestores } from "./removal";

/** Prepares the removal of Velero's kinds. */
runForCluster((_request, { kubeconfig }) => releaseRestores(new ClusterClient(kubeconfig)));
