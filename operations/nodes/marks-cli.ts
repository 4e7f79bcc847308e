import { text } from "node:stream/consumers";
import { ClusterClient } from "../authentication/cluster-client";
import { runOwnProgram } from "../own-program";
import { type NodeMarks, removeNodeMarks, setNodeMarks } from "./node-marks";

export type NodeMarksRequest = NodeMarks & { readonly action: "set" | "remove" };

/** The command of `components/platform/node-marks.ts`; the kubeconfig is on standard input. */
runOwnProgram(async (request) => {
  const { action, ...marks } = request as NodeMarksRequest;
  const client = new ClusterClient(await text(process.stdin));
  await (action === "set" ? setNodeMarks(client, marks) : removeNodeMarks(client, marks));
});
