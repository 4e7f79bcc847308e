import { text } from "node:stream/consumers";
import { ClusterClient } from "./cluster-client";
import { runOwnProgram } from "../own-program";
import { removeUser, type UserRemoval } from "./remove-user";

/** The command of `components/platform/htpasswd-users.ts`; the kubeconfig is on standard input. */
runOwnProgram(async (request) => {
  await removeUser(request as UserRemoval, new ClusterClient(await text(process.stdin)));
});
