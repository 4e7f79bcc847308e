import { text } from "node:stream/consumers";
import { runOwnProgram } from "../own-program";
import { type Restoration, restore } from "./restore";

/** What `components/platform/restored.ts` asks for: the kubeconfig is on standard input. */
runOwnProgram(async (request) => {
  await restore(request as Restoration, await text(process.stdin));
});
