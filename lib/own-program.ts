import { runMain } from "./run-main";

/** Main function of the commands that the Pulumi program starts itself: their last argument is the request as JSON. */
export function runOwnProgram(work: (request: unknown) => Promise<void>): void {
  runMain(async () => {
    await work(JSON.parse(process.argv.at(-1) ?? ""));
    return 0;
  });
}
