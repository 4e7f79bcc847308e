import { text } from "node:stream/consumers";
import { runOwnProgram } from "../../lib/own-program";
import { type KubeadminRemoval, type KubeadminSecrets, removeKubeadmin } from "./remove-kubeadmin";

/** The command of `components/cluster/kubeadmin.ts`: secrets on standard input, the outcome on standard output. */
runOwnProgram(async (request) => {
  const secrets = JSON.parse(await text(process.stdin)) as KubeadminSecrets;
  process.stdout.write(JSON.stringify(await removeKubeadmin(request as KubeadminRemoval, secrets)));
});
