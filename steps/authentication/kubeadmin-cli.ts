import { runForCluster } from "../run-for-cluster";
import { type KubeadminRemoval, type KubeadminSecrets, removeKubeadmin } from "./remove-kubeadmin";

/** The command of `components/cluster/kubeadmin.ts`: secrets on standard input, the outcome on standard output. */
runForCluster<KubeadminSecrets>(async (request, secrets) => {
  process.stdout.write(JSON.stringify(await removeKubeadmin(request as KubeadminRemoval, secrets)));
});
