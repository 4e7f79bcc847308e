import { runForCluster } from "../run-for-cluster";
import { type KeptText, restoreText } from "./restore";

/** Restores the text of a ConfigMap when the settings of monitoring are removed. */
runForCluster((request, { kubeconfig }) => restoreText(request as KeptText, kubeconfig));
