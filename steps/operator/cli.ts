import { stopwatch } from "../../lib/run-main";
import { runForCluster } from "../run-for-cluster";
import { OperatorApi } from "./cluster-api";
import type { OperatorRequest } from "./objects";
import { waitForOperator } from "./wait";

/** Waits for an operator, and approves its version. Standard input has the kubeconfig; progress is on standard error. */
runForCluster((request, { kubeconfig }) => waitForOperator(new OperatorApi(kubeconfig), request as OperatorRequest, { say: stopwatch() }));
