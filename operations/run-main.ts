import { finalMessage } from "./pulumi-errors";

/** Runs a program: what its main function answers is the exit code; what it throws is one message, explained where AWS refused something, and exit code 1. */
export function runMain(main: () => Promise<number>): void {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`${finalMessage(error)}\n`);
      process.exitCode = 1;
    },
  );
}

/** A command with arguments. */
export interface Command<Arguments> {
  /** What `--help` prints, and whoever calls it wrongly. */
  readonly usage: string;
  /** A text says what is wrong with the arguments. */
  readonly readArguments: (args: readonly string[]) => Arguments | string;
  /** What its answer is the exit code of. */
  readonly run: (asked: Arguments) => Promise<number>;
}

/** Runs a command: help on request; wrong arguments are told with the usage, and end with exit code 2. */
export function runCommand<Arguments extends object>({ usage, readArguments, run }: Command<Arguments>): void {
  runMain(async () => {
    const args = process.argv.slice(2);
    if (args.includes("--help")) {
      process.stdout.write(usage);
      return 0;
    }
    const asked = readArguments(args);
    if (typeof asked !== "string") return run(asked);
    process.stderr.write(`${asked}\n\n${usage}`);
    return 2;
  });
}

/** Says how far a command is on standard error, with the seconds since it was begun. */
export function stopwatch(): (text: string) => void {
  const began = Date.now();
  return (text) => {
    process.stderr.write(`[${((Date.now() - began) / 1000).toFixed(0)} s] ${text}\n`);
  };
}
