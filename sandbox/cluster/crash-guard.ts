import { existsSync, readFileSync } from "node:fs";

/** A process that ends within this time has crashed at its start. In milliseconds. */
const shortLife = 15_000;

/** After this number of consecutive crashes at the start, a program is not started again. */
const mostCrashes = 3;

/** Number of lines of the log that the error quotes. */
const quotedLines = 5;

interface Starts {
  readonly at: number;
  readonly crashes: number;
}

/** Counts the starts of a cluster's processes, so that a program that crashes at its start is not started for ever. */
export class CrashGuard {
  private readonly starts = new Map<string, Starts>();

  /**
   * To be called before a process is started.
   *
   * @throws Error with the last lines of the log, if the program has crashed too often. After that, only a restart of the simulator starts it again
   */
  beforeStart(name: string, logFile: string, now = Date.now()): void {
    const last = this.starts.get(name);
    if (last !== undefined && last.crashes >= mostCrashes) throw crashError(name, logFile);
    const crashes = last !== undefined && now - last.at < shortLife ? last.crashes + 1 : 0;
    this.starts.set(name, { at: now, crashes });
    if (crashes >= mostCrashes) throw crashError(name, logFile);
  }
}

function crashError(name: string, logFile: string): Error {
  const lines = existsSync(logFile) ? readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-quotedLines) : [];
  return new Error(
    `${name} has ended ${mostCrashes} times right after its start, and is not started again. The end of ${logFile}:\n${lines.join("\n")}`,
  );
}
