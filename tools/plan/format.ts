import type { Resource } from "../../lib/pulumi/resource";
import type { Preview } from "../../lib/pulumi/change";
import type { ConfigurationChange } from "./configuration-changes";
import { costOf } from "./cost";
import { pictureOf } from "./picture";
import { hasErrors } from "./preview";
import { MAX_COMMENT_CHARACTERS, showSummary } from "./show";
import { summarizePlan } from "./summary";

export type OutputFormat = "terminal" | "markdown" | "json";

export interface PrintOptions {
  readonly output: OutputFormat;
  /** The stack's resources, if the preview has only the changes. */
  readonly state?: readonly Resource[];
  readonly configuration?: readonly ConfigurationChange[];
  readonly note?: string;
}

/** A preview's summary as text to print; in Markdown it includes the stack's diagram. */
export function formatPreview(preview: Preview, { output, state = [], configuration = [], note }: PrintOptions): string {
  const form = output === "json" ? "terminal" : output;
  // The cost of a plan that can't be applied is not shown.
  const cost = hasErrors(preview) ? undefined : costOf(preview, { form, state });
  const summary = summarizePlan(preview, { configuration, cost, note });
  if (output === "json") return `${JSON.stringify(summary, undefined, 2)}\n`;
  return showSummary(summary, form, MAX_COMMENT_CHARACTERS, output === "markdown" ? pictureOf(preview, state) : undefined);
}
