import { mkdirSync } from "node:fs";
import { text } from "node:stream/consumers";
import { investigate } from "./diagnose";
import { describe } from "./finding";
import { gather } from "./gather";
import type { Subject } from "./subject";
import { runMain } from "../run-main";

/** What `components/installer/cluster-wait.ts` hands over on standard input. */
export interface VerdictRequest {
  /** What came of waiting, in words; empty when the cluster came as far as it should. */
  readonly failure: string;
  readonly subject: Subject;
  /** Where the evidence goes, below the project's root. */
  readonly directory: string;
}

/** After a wait that ended without success: why, and an archive with the evidence. */
async function main(): Promise<number> {
  const { failure, subject, directory } = JSON.parse(await text(process.stdin)) as VerdictRequest;
  if (failure === "") return 0;
  const investigation = await investigate(subject);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const archive = await gather(subject, directory, { investigation });
  process.stderr.write(`${failure}\n${describe(investigation.findings, archive)}`);
  return 1;
}

runMain(main);
