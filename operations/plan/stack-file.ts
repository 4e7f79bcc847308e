import { load } from "js-yaml";
import type { Preview } from "./change";
import { BLINDED, SecretValue } from "./secret-value";

type Values = Readonly<Record<string, unknown>>;

/** Values by key of a stack file's text: `Pulumi.<stack>.yaml`. An absent file has none. */
export function valuesOfStackFile(text: string | undefined): Values {
  if (text === undefined) return {};
  const { config } = (load(text) ?? {}) as { readonly config?: unknown };
  return typeof config === "object" && config !== null ? (config as Values) : {};
}

/** What Pulumi prints in the place of a value that it cannot decrypt (pulumi/pulumi, `pkg/cmd/pulumi/stack/stack_history.go`, v3.255.0). */
const NOT_DECRYPTED = "ERROR_UNABLE_TO_DECRYPT";

/**
 * Values of the last update, as `pulumi stack history --json` has them; undefined for a stack that never had one. Secrets are known with `--show-secrets` only.
 */
export function valuesOfHistory(history: unknown): Values | undefined {
  const [last] = (Array.isArray(history) ? history : []) as readonly (
    { readonly config?: Readonly<Record<string, PrintedValue>> } | undefined
  )[];
  if (last?.config === undefined) return undefined;
  return mapValues(last.config, ({ value, secret }) => {
    if (secret !== true) return value ?? "";
    return value === undefined || value === NOT_DECRYPTED ? BLINDED : new SecretValue(value);
  });
}

/** A value as `pulumi config --json` and `pulumi stack history --json` print it; a map or list counts as secret if anything in it is. */
interface PrintedValue {
  readonly value?: string;
  readonly secret?: boolean;
}

/**
 * Values that a preview was made with, in the same form as those of the history.
 *
 * @param printed what `pulumi config --json --show-secrets` printed at the same time: the preview itself has its secrets blinded. Without it they are not known.
 */
export function valuesOfPreview({ config = {} }: Preview, printed?: string): Values {
  const entries = (printed === undefined ? {} : JSON.parse(printed)) as Readonly<Partial<Record<string, PrintedValue>>>;
  return mapValues(config, (blinded, key) => {
    const { value, secret } = entries[key] ?? {};
    return secret === true && value !== undefined ? new SecretValue(value, blinded) : blinded;
  });
}

function mapValues<From>(values: Readonly<Record<string, From>>, change: (value: From, key: string) => unknown): Values {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]));
}
