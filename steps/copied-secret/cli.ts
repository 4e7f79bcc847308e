import { runForCluster } from "../cluster-input";
import { type CopiedSecret, copySecret } from "./copy";

/** Copies a Secret before the program changes it, and restores it. */
runForCluster((request, { kubeconfig }) => copySecret(request as CopiedSecret, kubeconfig));
