import { runForCluster } from "../cluster-input";
import { type Restoration, restore } from "./restore";

/** The command of `components/cluster/kubernetes-patch.ts`. */
runForCluster((request, { kubeconfig }) => restore(request as Restoration, kubeconfig));
