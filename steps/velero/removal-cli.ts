import { ClusterClient } from "../../lib/kubernetes/client";
import { runForCluster } from "../run-for-cluster";
import { prepareRemoval, type VeleroRemoval } from "./removal";

/** Prepares the removal of Velero's CRDs or of its namespace. */
runForCluster((request, { kubeconfig }) => prepareRemoval(request as VeleroRemoval, new ClusterClient(kubeconfig)));
