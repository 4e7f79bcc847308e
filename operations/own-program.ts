import { runMain } from "./run-main";

/** Runs what the program starts for itself: the request is JSON, the last argument. */
export function runOwnProgram(work: (request: unknown) => Promise<void>): void {
  runMain(async () => {
    await work(JSON.parse(process.argv.at(-1) ?? ""));
    return 0;
  });
}
