import { dirname } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import type { OutputMap } from "@pulumi/pulumi/automation";
import { bringUp } from "./bring-up";
import { jsonDisplay, liveDisplay, plainDisplay } from "./display";
import { CancelledByUser } from "./run";
import { keepScratchDirectoriesOnSignals } from "../../lib/scratch-directory";
import { NotConfirmed, tearDown } from "./tear-down";
import { finalMessage } from "../../lib/pulumi/errors";
import { runMain } from "../../lib/run-main";

export const usage = `Brings a cluster up or destroys it, and shows the progress.

  make up STACK=<stack> [YES=1]                           preview, ask, update; repeat until nothing is left to do
  make destroy STACK=<stack> CONFIRM=<cluster's domain>   delete everything, protected resources included; backups stay
  make rebuild STACK=<stack> CONFIRM=<cluster's domain>   destroy, then up

or npx tsx tools/driver/cli.ts up|destroy|rebuild --stack <stack>
  --yes            do not ask (up)
  --preview-only   show the changes, make none (up)
  --confirm <name> the cluster's name or domain (destroy, rebuild)
  --backups delete also delete the buckets and file systems with backups and other data that would stay (destroy)
  --infra-id <id>  infra ID of the cluster, if the state no longer has it (destroy --backups delete)
  --json           print one JSON object per line instead of text
  --directory <d>  directory of Pulumi.yaml; default: this project

If a run fails or is killed, the same command continues it.
Exit code 0: done; 1: failed; 2: wrong arguments or not confirmed; 130: cancelled.
`;

/** The arguments of the command line. */
export interface Arguments {
  readonly command: "up" | "destroy" | "rebuild";
  readonly stack: string;
  readonly yes: boolean;
  readonly previewOnly: boolean;
  readonly confirm: string;
  readonly deleteBackups: boolean;
  /** Empty if it is not given. */
  readonly infraId: string;
  readonly json: boolean;
  readonly directory: string;
}

/** Reads the arguments; returns an error message if they are wrong. */
export function readArguments(args: readonly string[], interactive: boolean): Arguments | string {
  const flag = { type: "boolean", default: false } as const;
  const text = { type: "string", default: "" } as const;
  try {
    const options = {
      stack: text,
      yes: flag,
      "preview-only": flag,
      confirm: text,
      backups: text,
      "infra-id": text,
      json: flag,
      directory: text,
    };
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const [command, ...more] = positionals;
    if ((command !== "up" && command !== "destroy" && command !== "rebuild") || more.length > 0) {
      return positionals.length === 0
        ? "the command is missing: up, destroy or rebuild"
        : `the command must be up, destroy or rebuild, not ${positionals.join(" ")}`;
    }
    if (values.stack === "") return "the stack is missing: add STACK=<stack> (--stack <stack>)";
    const { stack, yes, json, confirm, backups, "preview-only": previewOnly, "infra-id": infraId } = values;
    if (backups !== "" && command !== "destroy") return "--backups is for destroy";
    if (backups !== "" && backups !== "delete") return `BACKUPS (--backups) must be delete, not ${backups}; without it the backups stay`;
    if (infraId !== "" && backups === "") return "INFRA_ID (--infra-id) is for destroy with BACKUPS=delete";
    if (command === "up" && confirm !== "") return "--confirm is for destroy and rebuild";
    if (command !== "up" && previewOnly) return "--preview-only is for up";
    if (command === "up" && !yes && !previewOnly && !interactive)
      return "this is not a terminal, so nobody can be asked: add YES=1 (--yes) or --preview-only";
    return {
      command,
      stack,
      yes,
      json,
      confirm,
      previewOnly,
      deleteBackups: backups === "delete",
      infraId,
      directory: values.directory || dirname(dirname(__dirname)),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function main(): Promise<number> {
  const interactive = process.stdin.isTTY && process.stdout.isTTY;
  const asked = readArguments(process.argv.slice(2), interactive);
  if (typeof asked === "string") {
    process.stderr.write(`${asked}\n\n${usage}`);
    return 2;
  }
  const { command, stack, directory: workDir } = asked;
  const display = (asked.json ? jsonDisplay : process.stdout.isTTY ? liveDisplay : plainDisplay)(process.stdout);
  const options = { stack, workDir, display, signal: cancellation() };
  try {
    if (command !== "up")
      await tearDown({
        ...options,
        confirm: asked.confirm,
        rebuild: command === "rebuild",
        deleteBackups: asked.deleteBackups,
        ...(asked.infraId !== "" && { infraId: asked.infraId }),
      });
    if (command === "destroy") return 0;
    const confirm = command === "up" && !asked.yes ? ask : undefined;
    const outputs = await bringUp({ ...options, previewOnly: asked.previewOnly, ...(confirm && { confirm }) });
    if (outputs !== undefined)
      process.stdout.write(asked.json ? `${JSON.stringify({ event: "outputs", outputs: displayedOutputs(outputs) })}\n` : list(outputs));
    return 0;
  } catch (error) {
    const message = finalMessage(error);
    if (asked.json) process.stdout.write(`${JSON.stringify({ event: "failed", message })}\n`);
    process.stderr.write(`\n${message}\n`);
    return error instanceof CancelledByUser ? 130 : error instanceof NotConfirmed ? 2 : 1;
  }
}

/** Returns an AbortSignal. The first Ctrl-C aborts it; each later Ctrl-C only prints the consequences of a kill. */
function cancellation(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    const text = controller.signal.aborted
      ? "The operations that have begun are still being finished. A kill (kill -9) would leave incomplete resources in AWS; the same command finds and adopts them."
      : "Cancelling: operations that have begun are finished, no new ones begin.";
    process.stderr.write(`\n${text}\n`);
    controller.abort();
  };
  keepScratchDirectoriesOnSignals(); // the Pulumi engine uses them until it ends
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt).on("SIGHUP", interrupt);
  // After SIGHUP the terminal is gone, and writing to it fails.
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", () => {
      controller.abort();
    });
  return controller.signal;
}

async function ask(): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await lines.question("Go on? [y/N] ")).trim());
  } finally {
    lines.close();
  }
}

/** The outputs' values, with `[secret]` in place of secrets. */
function displayedOutputs(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { value, secret }]) => [name, secret ? "[secret]" : (value as unknown)]));
}

function list(outputs: OutputMap): string {
  const lines = Object.entries(displayedOutputs(outputs)).map(
    ([name, value]) => `  ${name}: ${typeof value === "string" ? value : JSON.stringify(value)}\n`,
  );
  return `\n${lines.join("")}`;
}

if (require.main === module) {
  runMain(main);
}
