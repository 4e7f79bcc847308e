import { text } from "node:stream/consumers";
import { runOwnProgram } from "../own-program";
import { restoreSelfProvisioners } from "./restore-self-provisioners";

/** What `components/platform/self-provisioners.ts` asks for when it is taken out: the kubeconfig is on standard input. */
runOwnProgram(async () => {
  await restoreSelfProvisioners(await text(process.stdin));
});
