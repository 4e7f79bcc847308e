import { stopwatch } from "../../lib/run-main";
import { runForCluster } from "../run-for-cluster";
import { ExtensionApi } from "./cluster-api";
import type { ExtensionRequest } from "./objects";
import { waitForExtension } from "./wait";

/** Waits for an operator of version 1 of OLM. Standard input has the kubeconfig; progress is on standard error. */
runForCluster((request, { kubeconfig }) =>
  waitForExtension(new ExtensionApi(kubeconfig), request as ExtensionRequest, { say: stopwatch() }),
);
