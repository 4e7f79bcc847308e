import { finalMessage } from "./pulumi/errors";

/** Runs a program. The main function returns the exit code. If it throws, the error's message is printed, with a fix if the error is known, and the exit code is 1. */
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

/** Runs a program whose last argument is a request in JSON. The Pulumi program starts the programs of `steps/` this way (`steps/run.ts`). */
export function runWithJsonRequest(work: (request: unknown) => Promise<void>): void {
  runMain(async () => {
    await work(JSON.parse(process.argv.at(-1) ?? ""));
    return 0;
  });
}

/** A command with arguments. */
export interface Command<Arguments> {
  /** Text that is printed for `--help`, and after the error for wrong arguments. */
  readonly usage: string;
  /** Returns an error message if the arguments are wrong. */
  readonly readArguments: (args: readonly string[]) => Arguments | string;
  /** Does the work and returns the exit code. */
  readonly run: (asked: Arguments) => Promise<number>;
}

/** Runs a command. `--help` prints the usage; wrong arguments print an error and the usage, and end with exit code 2. */
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

/** Prints progress messages on standard error, each with the seconds since the command began. */
export function stopwatch(): (text: string) => void {
  const began = Date.now();
  return (text) => {
    process.stderr.write(`[${((Date.now() - began) / 1000).toFixed(0)} s] ${text}\n`);
  };
}
