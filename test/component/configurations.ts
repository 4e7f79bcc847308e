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
const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** The dev stack's configuration, without an installer host, with some keys changed, in plain values, as the engine hands it over: defaults filled in, everything a text. */
export function devStack(changes: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  const defaults = Object.entries((yaml("Pulumi.yaml") as ProjectFile).config).map(([key, declaration]) => [
    `okd-aws:${key}`,
    declaration.default,
  ]);
  const set = Object.entries((yaml("Pulumi.dev.yaml") as StackFile).config);
  const changed = Object.entries(changes).map(([key, value]) => [key.includes(":") ? key : `okd-aws:${key}`, value]);
  const all = Object.fromEntries([...defaults, ...set, ["okd-aws:installerHost", false], ...changed]) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, text(value)]])));
}
