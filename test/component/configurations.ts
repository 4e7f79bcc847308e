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
/**
 * Replaces each encrypted value with a text, in place of the Pulumi engine's decryption. The text does not matter, because no test compares the
 * values of the stack file's secrets.
 */
const decrypted = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(decrypted);
  if ("secure" in value) return "decrypted secret";
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decrypted(each)]));
};
const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** Keys of the dev stack whose values are stored encrypted. */
export const devSecretKeys = secretKeysOf("Pulumi.dev.yaml");

/** Keys of the stack with all services whose values are stored encrypted. */
export const servicesSecretKeys = secretKeysOf("Pulumi.services.yaml");

function secretKeysOf(file: string): readonly string[] {
  return Object.entries((yaml(file) as StackFile).config).flatMap(([key, value]) =>
    JSON.stringify(value).includes('"secure"') ? [key] : [],
  );
}

/**
 * The dev stack's configuration without an installer host and with some keys changed. The values are as the Pulumi engine passes them to the program:
 * secrets decrypted, defaults of Pulumi.yaml added, every value a string.
 */
export function devStack(changes: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  return stackOf("Pulumi.dev.yaml", { installerHost: false, ...changes });
}

/** The configuration of the stack with all services, with invented secrets in the place of the encrypted ones. */
export function servicesStack(): Record<string, string> {
  const alertReceiverSecrets = { "on-call": "0123456789abcdef0123456789abcdef", platform: "https://hooks.example.com/x" };
  const auths = Object.fromEntries(
    ["cloud.openshift.com", "quay.io", "registry.redhat.io"].map((host) => [host, { auth: "dXNlcjpwYXNz" }]),
  );
  return stackOf("Pulumi.services.yaml", { pullSecret: { auths }, alertReceiverSecrets });
}

/** The configuration of a stack file with some keys changed, as the Pulumi engine passes it to the program. */
function stackOf(file: string, changes: Readonly<Record<string, unknown>>): Record<string, string> {
  const defaults = Object.entries((yaml("Pulumi.yaml") as ProjectFile).config).map(([key, declaration]) => [
    `okd-aws:${key}`,
    declaration.default,
  ]);
  const set = Object.entries((yaml(file) as StackFile).config).map(([key, value]) => [key, decrypted(value)]);
  const changed = Object.entries(changes).map(([key, value]) => [key.includes(":") ? key : `okd-aws:${key}`, value]);
  const all = Object.fromEntries([...defaults, ...set, ...changed]) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, text(value)]])));
}
