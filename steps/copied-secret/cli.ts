import { runForCluster } from "../run-for-cluster";
import { type CopiedSecret, copySecret } from "./copy";

/** Copies a Secret before the program changes it, and restores it. */
runForCluster((request, { kubeconfig }) => copySecret(request as CopiedSecret, kubeconfig));
