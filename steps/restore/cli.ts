import type { MergePatch } from "../../cluster-objects/kubernetes-patch";
import { runForCluster } from "../cluster-input";
import { applyMergePatch } from "./merge-patch";

/** The command of `ClusterApi.patchAndRestore`. */
runForCluster((request, { kubeconfig }) => applyMergePatch(request as MergePatch, kubeconfig));
