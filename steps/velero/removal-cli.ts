import { ClusterClient } from "../../lib/kubernetes/client";
import { runForCluster } from "../run-for-cluster";
import { releaseRestores } from "./removal";

/** Removes the finalizers of Velero's restores, so that Velero's CRDs can be deleted. */
runForCluster((_request, { kubeconfig }) => releaseRestores(new ClusterClient(kubeconfig)));
