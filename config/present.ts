import type { Problem } from "./configuration-error";
import { withoutEscapes } from "./engine-json";
import { type Finding, setCommand, setItemCommand, setSecretEntryCommand } from "./finding";
import { maskUserinfo } from "./url";
import { describeKey, exampleItem, KEY_NAMES, type KeyName } from "./schema";

/** Characters of a value that a problem shows. */
const SHOWN = 80;

/**
 * Findings as complete problems: in the order of the reference, with the values as the user wrote them. This is the only place that
 * puts a value into an error, so it is here that a secret is kept out of it.
 */
export function present(findings: readonly Finding[], own: ReadonlyMap<string, unknown>, region: string | undefined): Problem[] {
  const order = ["aws:region", ...KEY_NAMES] as readonly string[];
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  return findings
    .map((finding, index) => ({ finding, index }))
    .sort((one, other) => rank(one.finding.key) - rank(other.finding.key) || one.index - other.index)
    .map(({ finding }) => {
      const about = (KEY_NAMES as readonly string[]).includes(finding.key) ? describeKey(finding.key as KeyName) : undefined;
      const value = finding.key === "aws:region" ? region : own.get(finding.key);
      return {
        key: finding.key,
        wrong: finding.wrong,
        // An unknown key's value is not shown: it may be a misspelt secret's.
        ...(about?.secret || (!about && finding.key !== "aws:region") || value === undefined || value === ""
          ? {}
          : { value: shown(value, about?.credentials) }),
        allowed: finding.allowed ?? about?.allowed ?? "see docs/configuration.md",
        fix: finding.fix ?? (about ? exampleCommand(finding.key as KeyName) : "see docs/configuration.md"),
      };
    });
}

/** A command that sets a key to its example. */
function exampleCommand(name: KeyName): string {
  const { type, example, secret, records } = describeKey(name);
  // The stack file is where one writes these; the command would need one call for each field.
  if (records) return `see ${name} in docs/configuration.md, for instance ${example}`;
  if (secret && type === "object") {
    const [entry] = Object.keys(JSON.parse(example) as Record<string, string>);
    return setSecretEntryCommand(name, entry);
  }
  if (secret) return `pulumi config set --secret ${name} < file`;
  if (type === "array") return setItemCommand(name, 0, exampleItem(name));
  if (type === "object") {
    const [entry, value] = Object.entries(JSON.parse(example) as Record<string, string>)[0];
    return setItemCommand(name, entry, value);
  }
  return setCommand(name, example);
}

function shown(value: unknown, credentials = false): string {
  const text = (typeof value === "string" ? withoutEscapes(value) : JSON.stringify(value))
    .replaceAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*/g, "[private key]")
    .replaceAll(/\s+/g, " ");
  // A password may hold anything, blanks and slashes among it, so that only the last @ is sure to be behind it.
  const masked = credentials || text.includes("//") ? maskUserinfo(text, "[user]") : text;
  return masked.length > SHOWN ? `${masked.slice(0, SHOWN)}…` : masked;
}
