import { text } from "node:stream/consumers";
import { runOwnProgram } from "../../lib/own-program";
import { type Restoration, restore } from "./restore";

/** The command of `components/cluster/kubernetes-patch.ts`; the kubeconfig is on standard input. */
runOwnProgram(async (request) => {
  await restore(request as Restoration, await text(process.stdin));
});
