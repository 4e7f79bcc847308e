import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";

interface ProjectFile {
  readonly config: Readonly<Record<string, { readonly default?: unknown }>>;
}

interface StackFile {
  readonly config: Readonly<Record<string, unknown>>;
}

const root = join(__dirname, "..", "..");
const yaml = (file: string) => load(readFileSync(join(root, file), "utf8"));
/** A stand-in for the Pulumi engine's decryption: any text will do, because no test compares the values of the stack file's secrets. */
const decrypted = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(decrypted);
  if ("secure" in value) return "decrypted secret";
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decrypted(each)]));
};
const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** Keys of the dev stack whose values are stored encrypted. */
export const devSecretKeys: readonly string[] = Object.entries((yaml("Pulumi.dev.yaml") as StackFile).config).flatMap(([key, value]) =>
  JSON.stringify(value).includes('"secure"') ? [key] : [],
);

/**
 * The dev stack's configuration without an installer host and with some keys changed. The values are as the Pulumi engine passes them to the program:
 * secrets decrypted, defaults of Pulumi.yaml added, every value a string.
 */
export function devStack(changes: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  const defaults = Object.entries((yaml("Pulumi.yaml") as ProjectFile).config).map(([key, declaration]) => [
    `okd-aws:${key}`,
    declaration.default,
  ]);
  const set = Object.entries((yaml("Pulumi.dev.yaml") as StackFile).config).map(([key, value]) => [key, decrypted(value)]);
  const changed = Object.entries(changes).map(([key, value]) => [key.includes(":") ? key : `okd-aws:${key}`, value]);
  const all = Object.fromEntries([...defaults, ...set, ["okd-aws:installerHost", false], ...changed]) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, text(value)]])));
}
