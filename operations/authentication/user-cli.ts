import { text } from "node:stream/consumers";
import { ClusterClient } from "./cluster-client";
import { runOwnProgram } from "../own-program";
import { removeUser, type UserRemoval } from "./remove-user";

/** What `components/platform/htpasswd-users.ts` asks for: the kubeconfig is on standard input. */
runOwnProgram(async (request) => {
  await removeUser(request as UserRemoval, new ClusterClient(await text(process.stdin)));
});
