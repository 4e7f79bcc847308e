import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

/**
 * Finds names that two files export. A reader who searches for such a name finds both, and an import does not say which one it means.
 * Covers the program, the sandbox and the tests; names that are only re-exported are not checked.
 */

const root = join(__dirname, "../..");

/** The folders that are checked. */
const folders = ["cluster-objects", "components", "config", "ignition", "lib", "policy", "sandbox", "stacks", "steps", "test", "tools"];

/** Names that several files may export, with the reason. */
const shared: ReadonlyMap<string, string> = new Map([
  ["Arguments", "every command has its own; it is used only in its cli.ts and in the command's test"],
  ["readArguments", "every command has its own; a test imports it from the command's cli.ts"],
  ["usage", "every command has its own; a test imports it from the command's cli.ts"],
]);

/** The names that a file declares and exports. */
function exportsOf(file: string): string[] {
  const { statements } = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  return statements.filter(isExported).flatMap(namesOf);
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

/** The names that a declaration exports. Names in a pattern are left out, because no file of the project exports a pattern. */
function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  const { name } = statement as ts.DeclarationStatement;
  return name === undefined ? [] : [name.text];
}

/** The files that export each name. Paths are relative to the project's directory. An overloaded function counts once. */
function exporters(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const folder of folders)
    for (const file of ts.sys.readDirectory(join(root, folder), [".ts"], ["**/node_modules"]))
      for (const name of exportsOf(file)) found.set(name, (found.get(name) ?? new Set()).add(relative(root, file)));
  return found;
}

const all = exporters();
const duplicates = [...all].filter(([name, files]) => files.size > 1 && !shared.has(name)).sort();
for (const [name, files] of duplicates) console.error(`${name} is exported by ${[...files].sort().join(" and ")}`);
if (duplicates.length > 0)
  console.error("If both mean the same, keep one definition in lib/ and import it. Otherwise give each a name that says what it is.");
const unused = [...shared.keys()].filter((name) => (all.get(name)?.size ?? 0) < 2);
for (const name of unused)
  console.error(`${name} is in the list of names that several files may export, but fewer than two export it: remove it there.`);
if (duplicates.length + unused.length > 0) process.exitCode = 1;
