import { text } from "node:stream/consumers";
import { ClusterClient } from "../authentication/cluster-client";
import { runOwnProgram } from "../own-program";
import { type NodeLabel, removeNodeLabel, setNodeLabel } from "./node-label";

export type NodeLabelRequest = NodeLabel & { readonly action: "set" | "remove" };

/** What `components/platform/router-shards.ts` asks for: the kubeconfig is on standard input. */
runOwnProgram(async (request) => {
  const { action, ...label } = request as NodeLabelRequest;
  const client = new ClusterClient(await text(process.stdin));
  await (action === "set" ? setNodeLabel(client, label) : removeNodeLabel(client, label));
});
