import { mkdirSync } from "node:fs";
import { text } from "node:stream/consumers";
import { investigate } from "./diagnose";
import { findingsText } from "./finding";
import { gather } from "./gather";
import type { DiagnosisTarget } from "./target";
import { runMain } from "../../lib/run-main";

/** The request of `components/installer/cluster-wait.ts`, on standard input. */
export interface WaitResultRequest {
  /** The reason why the wait failed; empty if it succeeded. */
  readonly failure: string;
  readonly target: DiagnosisTarget;
  /** Directory for the evidence, relative to the project's root. */
  readonly directory: string;
}

/** Runs after a wait. If the wait failed, prints the reason and the diagnosis, and writes an archive with the evidence. */
async function main(): Promise<number> {
  const { failure, target, directory } = JSON.parse(await text(process.stdin)) as WaitResultRequest;
  if (failure === "") return 0;
  const investigation = await investigate(target);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const archive = await gather(target, directory, { investigation });
  process.stderr.write(`${failure}\n${findingsText(investigation.findings, archive)}`);
  return 1;
}

runMain(main);
