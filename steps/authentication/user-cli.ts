import { text } from "node:stream/consumers";
import { ClusterClient } from "../../lib/kubernetes/client";
import { runOwnProgram } from "../../lib/own-program";
import { removeUser, type UserRemoval } from "./remove-user";

/** The command of `components/cluster/htpasswd-users.ts`; the kubeconfig is on standard input. */
runOwnProgram(async (request) => {
  await removeUser(request as UserRemoval, new ClusterClient(await text(process.stdin)));
});
