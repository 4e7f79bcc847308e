import { runForCluster } from "../run-for-cluster";
import { type CopiedSecret, copySecret } from "./copy";

/** Copies a Secret before the program changes it, or restores the Secret from the copy. */
runForCluster((request, { kubeconfig }) => copySecret(request as CopiedSecret, kubeconfig));
