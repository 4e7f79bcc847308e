import type { Resource } from "../cost/resource";
import type { Preview } from "./change";
import type { ConfigurationChange } from "./configuration-changes";
import { costOf } from "./cost";
import { pictureOf } from "./picture";
import { failed } from "./preview";
import { MOST_CHARACTERS, showSummary } from "./show";
import { summarize } from "./summary";

export type Output = "terminal" | "markdown" | "json";

export interface PrintOptions {
  readonly output: Output;
  /** What stands, where the preview tells only what changes. */
  readonly state?: readonly Resource[];
  readonly configuration?: readonly ConfigurationChange[];
  readonly note?: string;
}

/** A preview's summary, ready to be printed; in a comment with the stack's picture. */
export function printed(preview: Preview, { output, state = [], configuration = [], note }: PrintOptions): string {
  const form = output === "json" ? "terminal" : output;
  // What can't be applied costs nothing.
  const cost = failed(preview) ? undefined : costOf(preview, { form, state });
  const summary = summarize(preview, { configuration, cost, note });
  if (output === "json") return `${JSON.stringify(summary, undefined, 2)}\n`;
  return showSummary(summary, form, MOST_CHARACTERS, output === "markdown" ? pictureOf(preview, state) : undefined);
}
