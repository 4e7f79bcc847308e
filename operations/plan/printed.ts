import type { Resource } from "../cost/resource";
import type { Preview } from "./change";
import type { ConfigurationChange } from "./configuration-changes";
import { costOf } from "./cost";
import { failed } from "./preview";
import { showSummary } from "./show";
import { summarize } from "./summary";

export type Output = "terminal" | "markdown" | "json";

export interface PrintOptions {
  readonly output: Output;
  /** What stands, where the preview tells only what changes. */
  readonly state?: readonly Resource[];
  readonly configuration?: readonly ConfigurationChange[];
  readonly note?: string;
}

/** A preview's summary, ready to be printed. */
export function printed(preview: Preview, { output, state = [], configuration = [], note }: PrintOptions): string {
  const form = output === "json" ? "terminal" : output;
  // What can't be applied costs nothing.
  const cost = failed(preview) ? undefined : costOf(preview, { form, state });
  const summary = summarize(preview, { configuration, cost, note });
  return output === "json" ? `${JSON.stringify(summary, undefined, 2)}\n` : showSummary(summary, form);
}
