import { StringDecoder } from "node:string_decoder";
import type { Operation } from "./operation";

/** Longest line that the vendor's plugin can log: the line reader of its `util.LogOutput` stops at a longer one. */
const LONGEST_LINE = 64 * 1024;

/** What a finished command printed, without one trailing newline each. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Collects what a command prints and streams it to the engine's log, line by line, as far as the `logging` option says so. It never changes what
 * is captured. Source: `local/logging.go`, `local/commandOutputs.go`: no option logs both streams, they share one line reader, and a failure's
 * message carries both whatever the option says.
 */
export class Capture {
  private readonly chunks: { readonly stdout: string[]; readonly stderr: string[]; readonly both: string[] } = {
    stdout: [],
    stderr: [],
    both: [],
  };
  private readonly decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  private line = "";
  private warned = false;

  constructor(
    private readonly operation: Operation,
    private readonly logging: string | undefined,
  ) {}

  /** Takes what arrived on a stream. */
  add(stream: keyof Printed, data: Buffer): void {
    const text = this.decoders[stream].write(data);
    this.chunks[stream].push(text);
    this.chunks.both.push(text);
    if (this.logs(stream)) this.log(text);
  }

  /** Logs an unfinished last line, and gives what was printed. */
  end(): Printed {
    if (this.line !== "") this.status(this.line);
    this.line = "";
    return { stdout: this.chunks.stdout.join("").replace(/\n$/, ""), stderr: this.chunks.stderr.join("").replace(/\n$/, "") };
  }

  /** The error of a failed command: how it ended, the command, and all it printed in the order of arrival. */
  failure(reason: string, command: string): Error {
    this.end();
    return new Error(`${reason}: running ${JSON.stringify(command)}:\n${this.chunks.both.join("")}`);
  }

  private logs(stream: keyof Printed): boolean {
    return this.logging === undefined || this.logging === stream || this.logging === "stdoutAndStderr";
  }

  private log(text: string): void {
    const lines = (this.line + text).split("\n");
    this.line = lines.pop() ?? "";
    for (const line of lines) this.status(line.replace(/\r$/, ""));
  }

  private status(line: string): void {
    this.operation.status(line.length < LONGEST_LINE ? line : `${line.slice(0, 200)}…`);
    if (line.length < LONGEST_LINE || this.warned) return;
    this.warned = true;
    this.operation.log(
      "warning",
      `a line of ${line.length} characters was printed: the vendor's plugin stops there unless logging is "none"`,
    );
  }
}
