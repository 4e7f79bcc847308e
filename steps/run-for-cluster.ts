import { text } from "node:stream/consumers";
import { runWithJsonRequest } from "../lib/run-main";
import { type ClusterInput, readClusterInput } from "./cluster-input";

/** Main function of a program that `ClusterApi.command` starts. */
export function runForCluster<Secrets extends object = object>(
  work: (request: unknown, input: ClusterInput<Secrets>) => Promise<void>,
): void {
  runWithJsonRequest(async (request) => work(request, readClusterInput<Secrets>(await text(process.stdin))));
}
