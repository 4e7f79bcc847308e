/**
 * Path patterns in the syntax of github.com/gobwas/glob with `/` as the separator, which the vendor's plugin documents
 * for `assetPaths` and `archivePaths`: `*` and `?` don't match a separator, `**` also matches separators; `[a-c]` and
 * `[!a-c]` match one character, `{one,two}` one of the texts, and `\` makes the next character literal.
 */

/** Whether a path matches one pattern. */
export type Glob = (path: string) => boolean;

/** Escapes characters so that they are literal both inside and outside of a character class. */
function literal(text: string): string {
  return text.replace(/[^\p{L}\p{N}_]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Compiles a pattern. @throws Error for a bracket that is not closed */
export function glob(pattern: string): Glob {
  const expression = new RegExp(`^${translated(pattern)}$`, "su");
  return (path) => expression.test(path);
}

function translated(pattern: string): string {
  let result = "";
  let depth = 0;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === "*") {
      const many = pattern.startsWith("**", at);
      result += many ? ".*" : "[^/]*";
      if (many) at++;
    } else if (character === "?") {
      result += "[^/]";
    } else if (character === "\\") {
      result += literal(pattern.charAt(++at));
    } else if (character === "[") {
      const end = pattern.indexOf("]", at + 2);
      if (end < 0) throw new Error(`glob ${JSON.stringify(pattern)}: "[" is never closed`);
      result += characterClass(pattern.slice(at + 1, end));
      at = end;
    } else if (character === "{") {
      depth++;
      result += "(?:";
    } else if (character === "}" && depth > 0) {
      depth--;
      result += ")";
    } else if (character === "," && depth > 0) {
      result += "|";
    } else {
      result += literal(character);
    }
  }
  if (depth > 0) throw new Error(`glob ${JSON.stringify(pattern)}: "{" is never closed`);
  return result;
}

function characterClass(inside: string): string {
  const negated = inside.startsWith("!");
  const range = negated ? inside.slice(1) : inside;
  const [low, dash, high, more] = Array.from(range) as (string | undefined)[];
  const isRange = low !== undefined && dash === "-" && high !== undefined && more === undefined;
  const members = isRange ? `${literal(low)}-${literal(high)}` : literal(range.replace(/\\(.)/gsu, "$1"));
  return `[${negated ? "^" : ""}${members}]`;
}

/**
 * The paths that a list of rules selects. Each rule, in order, adds the paths that it matches, or, after `!`, removes them; so the last matching rule decides.
 * Source: `local/commandOutputs.go`, `globAssets`.
 */
export function selected(paths: readonly string[], rules: readonly string[]): readonly string[] {
  const compiled = rules.map((rule) => ({ adds: !rule.startsWith("!"), matches: glob(rule.replace(/^!/, "")) }));
  return paths.filter((path) => compiled.reduce((is, rule) => (rule.matches(path) ? rule.adds : is), false));
}
