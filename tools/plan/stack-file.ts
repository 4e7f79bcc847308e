import { load } from "js-yaml";
import type { Preview } from "../../lib/pulumi/change";
import { MASKED, SecretValue } from "./secret-value";

type Values = Readonly<Record<string, unknown>>;

/** Values by key from the text of a stack file (`Pulumi.<stack>.yaml`); empty for a missing file. */
export function valuesOfStackFile(text: string | undefined): Values {
  if (text === undefined) return {};
  const { config } = (load(text) ?? {}) as { readonly config?: unknown };
  return typeof config === "object" && config !== null ? (config as Values) : {};
}

/** Text that Pulumi prints in place of a value that it cannot decrypt (pulumi/pulumi, `pkg/cmd/pulumi/stack/stack_history.go`, v3.255.0). */
const NOT_DECRYPTED = "ERROR_UNABLE_TO_DECRYPT";

/**
 * Values of the stack's last update, from the output of `pulumi stack history --json`; undefined if there was no update. Secrets are known only with
 * `--show-secrets`.
 */
export function valuesOfHistory(history: unknown): Values | undefined {
  const [last] = (Array.isArray(history) ? history : []) as readonly (
    { readonly config?: Readonly<Record<string, PrintedValue>> } | undefined
  )[];
  if (last?.config === undefined) return undefined;
  return mapValues(last.config, ({ value, secret }) => {
    if (secret !== true) return value ?? "";
    return value === undefined || value === NOT_DECRYPTED ? MASKED : new SecretValue(value);
  });
}

/** A value as `pulumi config --json` and `pulumi stack history --json` print it. A map or list is secret if any value in it is. */
interface PrintedValue {
  readonly value?: string;
  readonly secret?: boolean;
}

/**
 * The configuration values of a preview, in the same form as the values of the history.
 *
 * @param printed output of `pulumi config --json --show-secrets` at the same time: in the preview itself secrets are masked. Without this
 * output the secrets are unknown.
 */
export function valuesOfPreview({ config = {} }: Preview, printed?: string): Values {
  const entries = (printed === undefined ? {} : JSON.parse(printed)) as Readonly<Partial<Record<string, PrintedValue>>>;
  return mapValues(config, (masked, key) => {
    const { value, secret } = entries[key] ?? {};
    return secret === true && value !== undefined ? new SecretValue(value, masked) : masked;
  });
}

function mapValues<From>(values: Readonly<Record<string, From>>, change: (value: From, key: string) => unknown): Values {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]));
}
