import type { ConfigurationProblem } from "./configuration-error";
import { withoutEscapes } from "./engine-json";
import { type KeyProblem, setCommand, setItemCommand, setSecretEntryCommand } from "./problem";
import { maskUserinfo } from "./url";
import { describeKey, exampleItem, KEY_NAMES, type KeyName } from "./schema";

/** Maximum characters of a value in a problem. */
const SHOWN = 80;

/**
 * Completes problems, in the order of docs/configuration.md, with the values as the user wrote them. Only this function puts values into
 * errors, so it also keeps secrets out of errors.
 */
export function formatProblems(
  problems: readonly KeyProblem[],
  own: ReadonlyMap<string, unknown>,
  region: string | undefined,
): ConfigurationProblem[] {
  const order = ["aws:region", ...KEY_NAMES] as readonly string[];
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  return problems
    .map((problem, index) => ({ problem, index }))
    .sort((one, other) => rank(one.problem.key) - rank(other.problem.key) || one.index - other.index)
    .map(({ problem }) => {
      const about = (KEY_NAMES as readonly string[]).includes(problem.key) ? describeKey(problem.key as KeyName) : undefined;
      const value = problem.key === "aws:region" ? region : own.get(problem.key);
      return {
        key: problem.key,
        wrong: problem.wrong,
        // The value of an unknown key is not shown, because it may be a secret under a misspelled key.
        ...(about?.secret || (!about && problem.key !== "aws:region") || value === undefined || value === ""
          ? {}
          : { value: displayValue(value, about?.credentials) }),
        allowed: problem.allowed ?? about?.allowed ?? "see docs/configuration.md",
        fix: problem.fix ?? (about ? exampleCommand(problem.key as KeyName) : "see docs/configuration.md"),
      };
    });
}

/** A command that sets a key to its example. */
function exampleCommand(name: KeyName): string {
  const { type, example, secret, records } = describeKey(name);
  // Records are written in the stack file; `pulumi config set` would need one call for each field.
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

function displayValue(value: unknown, credentials = false): string {
  const text = (typeof value === "string" ? withoutEscapes(value) : JSON.stringify(value))
    .replaceAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*/g, "[private key]")
    .replaceAll(/\s+/g, " ");
  // A password may contain any character, including @ and slashes, so only the last @ is certain to come after the password.
  const masked = credentials || text.includes("//") ? maskUserinfo(text, "[user]") : text;
  return masked.length > SHOWN ? `${masked.slice(0, SHOWN)}…` : masked;
}
