import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { plainText } from "../driver/progress";
import { withScratchDirectory } from "../../lib/scratch-directory";
import { resourceName } from "../../lib/pulumi/urn";
import type { Preview } from "../../lib/pulumi/change";
import { type CommandResult, resultOf } from "./preview";

/** The part of the Pulumi engine's events that is read (pulumi/pulumi, `sdk/go/common/apitype/events.go`). */
interface Event {
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly policyName: string;
    readonly message: string;
    readonly enforcementLevel: string;
  };
}

/**
 * Runs a preview and adds the policy pack's violations. `pulumi preview --json` reports only that there are violations; the Pulumi engine's events
 * contain them.
 *
 * @param run runs the command with these additional options and environment variables.
 */
export async function previewWithRefusals(
  run: (options: readonly string[], environment: Readonly<Record<string, string>>) => Promise<CommandResult>,
  what: string,
): Promise<Preview> {
  return withScratchDirectory("preview", async (directory) => {
    const file = join(directory, "events.jsonl");
    const ended = await run(["--event-log", file], { PULUMI_DEBUG_COMMANDS: "true" }); // Pulumi accepts --event-log only with this variable.
    return withRefusals(resultOf(ended, what), existsSync(file) ? readFileSync(file, "utf8") : "");
  });
}

/** Adds the violated policies, each once, as the first errors of a preview. */
export function withRefusals(preview: Preview, events: string): Preview {
  const refusals = events
    .split("\n")
    .flatMap((line) => (line.includes('"policyEvent"') ? [(JSON.parse(line) as Event).policyEvent] : []))
    .flatMap((event) => (event?.enforcementLevel === "mandatory" ? [event] : []))
    .map(({ resourceUrn = "", policyName, message }) => {
      return `${resourceName(resourceUrn)}: refused by the policy ${policyName}: ${plainText(message)}`;
    });
  const unique = [...new Set(refusals)].map((message) => ({ severity: "error", message }));
  return unique.length === 0 ? preview : { ...preview, diagnostics: [...unique, ...(preview.diagnostics ?? [])] };
}
