import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

/** A regular expression as it is written in a source file. */
interface Expression {
  /** `/source/flags`. */
  readonly text: string;
  readonly source: string;
  readonly flags: string;
  /** File and line, such as config/url.ts:36. */
  readonly place: string;
}

interface Table {
  /** Expressions for which recheck has proved that their time is proportional to a text's length. They are not checked again. */
  readonly linear: readonly string[];
  /** Expressions that are slower, or for which recheck has no proof, each with the reason why it may stay. */
  readonly left: Readonly<Record<string, string>>;
}

const ROOT = join(__dirname, "../..");
const TABLE = join(__dirname, "table.json");
/** The code that reads other people's texts: the product, without its sandbox and its tests. */
const SOURCES = ["index.ts", "components", "config", "cluster-objects", "ignition", "lib", "policy", "stacks", "steps", "tools"];
/** Time limit of recheck for one expression, in milliseconds. */
const TIMEOUT = 60_000;

function expressionsIn(path: string): Expression[] {
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const found: Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({
        text: node.text,
        source: node.text.slice(1, end),
        flags: node.text.slice(end + 1),
        place: `${relative(ROOT, path)}:${line}`,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function sourceFiles(): string[] {
  return SOURCES.flatMap((source) =>
    source.endsWith(".ts")
      ? [join(ROOT, source)]
      : readdirSync(join(ROOT, source), { recursive: true, encoding: "utf8" })
          .filter((path) => path.endsWith(".ts") && !path.includes("node_modules"))
          .map((path) => join(ROOT, source, path)),
  );
}

/** The problem of an expression; undefined if recheck proves that the expression takes time in proportion to a text's length. */
async function problemOf({ place, text, source, flags }: Expression): Promise<string | undefined> {
  // Loaded only if an expression is not in the table, because recheck takes seconds for some expressions.
  const { check } = await import("recheck");
  const result = await check(source, flags, { timeout: TIMEOUT });
  if (result.status === "safe") return undefined;
  const how = result.status === "unknown" ? result.error.kind : `${result.complexity.summary}, for example on ${result.attack.pattern}`;
  return `${place}: ${text}\n  ${how}`;
}

/**
 * Checks every regular expression of the product. Either recheck proves that the expression takes time in proportion to the length of a text, or the
 * table has the expression: in `linear` if recheck has proved it before, in `left` with the reason why it may stay. The check does not see
 * expressions that are built at run time. `--write` writes the table again.
 */
async function main(): Promise<void> {
  const { linear, left } = JSON.parse(readFileSync(TABLE, "utf8")) as Table;
  const all = new Map(
    sourceFiles()
      .flatMap(expressionsIn)
      .map((expression) => [expression.text, expression]),
  );
  const known = new Set(linear);
  const problems: string[] = [];
  for (const expression of all.values()) {
    if (known.has(expression.text) || Object.hasOwn(left, expression.text)) continue;
    const problem = await problemOf(expression);
    if (problem === undefined) known.add(expression.text);
    else problems.push(problem);
  }
  if (process.argv.includes("--write")) {
    const used = Object.entries(left).filter(([text]) => all.has(text));
    const table: Table = { linear: [...known].filter((text) => all.has(text)).sort(), left: Object.fromEntries(used) };
    writeFileSync(TABLE, `${JSON.stringify(table, undefined, 2)}\n`);
  }
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) {
    console.error(
      `Rewrite each expression whose time is not proportional to the text's length, or explain in ${relative(ROOT, TABLE)} why the expression may stay.`,
    );
    process.exitCode = 1;
  }
}

void main();
