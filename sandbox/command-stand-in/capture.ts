import { StringDecoder } from "node:string_decoder";
import type { CommandContext } from "./command-context";

/** Longest line that the vendor's plugin can log: the line reader of its `util.LogOutput` stops at a longer line. */
const MAX_LINE_CHARACTERS = 64 * 1024;

/** The two output streams of a finished command. One newline at the end of each is removed. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Collects a command's output and streams it to the Pulumi engine's log, line by line, as the `logging` option says. The option never changes the collected
 * output. Source: `local/logging.go`, `local/commandOutputs.go`: without the option both streams are logged, they share one line reader, and the message of a
 * failure always contains both.
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
    private readonly context: CommandContext,
    private readonly logging: string | undefined,
  ) {}

  /** Adds data that arrived on a stream. */
  add(stream: keyof Printed, data: Buffer): void {
    const text = this.decoders[stream].write(data);
    this.chunks[stream].push(text);
    this.chunks.both.push(text);
    if (this.logs(stream)) this.log(text);
  }

  /** Logs an unfinished last line. Returns the collected output. */
  end(): Printed {
    if (this.line !== "") this.status(this.line);
    this.line = "";
    return { stdout: this.chunks.stdout.join("").replace(/\n$/, ""), stderr: this.chunks.stderr.join("").replace(/\n$/, "") };
  }

  /** The error of a failed command: how it ended, the command, and its output in the order of arrival. */
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
    this.context.status(line.length < MAX_LINE_CHARACTERS ? line : `${line.slice(0, 200)}…`);
    if (line.length < MAX_LINE_CHARACTERS || this.warned) return;
    this.warned = true;
    this.context.log(
      "warning",
      `the command printed a line of ${line.length} characters; with the vendor's plugin it would hang there unless logging is "none"`,
    );
  }
}
