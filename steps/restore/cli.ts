import type { MergePatch } from "../../cluster-objects/kubernetes-patch";
import { runForCluster } from "../run-for-cluster";
import { applyMergePatch } from "./merge-patch";

/** The command of `ClusterApi.patchAndRestore`. */
runForCluster((request, { kubeconfig }) => applyMergePatch(request as MergePatch, kubeconfig));
