import { load } from "js-yaml";
import type { Preview } from "./change";

type Values = Readonly<Record<string, unknown>>;

/** Values by key of a stack file's text: `Pulumi.<stack>.yaml`. An absent file has none. */
export function valuesOfStackFile(text: string | undefined): Values {
  if (text === undefined) return {};
  const { config } = (load(text) ?? {}) as { readonly config?: unknown };
  return typeof config === "object" && config !== null ? (config as Values) : {};
}

/**
 * Values of the last update, as `pulumi stack history --json` has them; undefined for a stack that never had one. Secrets are the same
 * text always: whether one has changed can't be told from here.
 */
export function valuesOfHistory(history: unknown): Values | undefined {
  const [last] = (Array.isArray(history) ? history : []) as readonly (
    { readonly config?: Readonly<Record<string, HistoryValue>> } | undefined
  )[];
  if (last?.config === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(last.config).map(([key, { value, secret }]) => [key, secret === true ? "[secret]" : (value ?? "")]),
  );
}

interface HistoryValue {
  readonly value?: string;
  readonly secret?: boolean;
}

/** Values that a preview was made with, in the same form as those of the history. */
export function valuesOfPreview({ config = {} }: Preview): Values {
  return config;
}
