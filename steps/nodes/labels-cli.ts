import { text } from "node:stream/consumers";
import { ClusterClient } from "../../lib/kubernetes/client";
import { runOwnProgram } from "../../lib/own-program";
import { type NodeMarks, removeNodeMarks, setNodeMarks } from "./node-labels";

export type NodeMarksRequest = NodeMarks & { readonly action: "set" | "remove" };

/** The command of `components/cluster/node-labels.ts`; the kubeconfig is on standard input. */
runOwnProgram(async (request) => {
  const { action, ...marks } = request as NodeMarksRequest;
  const client = new ClusterClient(await text(process.stdin));
  await (action === "set" ? setNodeMarks(client, marks) : removeNodeMarks(client, marks));
});
