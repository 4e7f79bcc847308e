import { join, relative } from "node:path";
import ts from "typescript";

/**
 * Finds import cycles between the project's files. Imports of types are included, because no file of a cycle can be read or tested without the other files.
 * eslint's `import-x/no-cycle` ignores imports of types.
 */

type Imports = ReadonlyMap<string, readonly string[]>;

const root = join(__dirname, "../..");

/** The files that each file imports. Paths are relative to the project's directory. */
function readImports(): Imports {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile.bind(ts.sys)) as { readonly config: unknown };
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const cache = ts.createModuleResolutionCache(root, (path) => path, options);
  const importsOf = (file: string): string[] =>
    ts.preProcessFile(ts.sys.readFile(file) ?? "").importedFiles.flatMap(({ fileName }) => {
      const { resolvedModule: found } = ts.resolveModuleName(fileName, file, options, ts.sys, cache);
      // A file of the sandbox counts, also when a test imports it by the package's name, which is a link in node_modules.
      return found === undefined || found.resolvedFileName.includes("/node_modules/") ? [] : relative(root, found.resolvedFileName);
    });
  return new Map(fileNames.map((file) => [relative(root, file), importsOf(file)]));
}

/** A shortest chain of imports that starts and ends at the file; undefined if there is none. */
function cycleThrough(start: string, imports: Imports): string[] | undefined {
  const importer = new Map<string, string>();
  const queue = [start];
  for (const file of queue)
    for (const imported of imports.get(file) ?? []) {
      if (imported === start) return chain(file, start, importer);
      if (importer.has(imported)) continue;
      importer.set(imported, file);
      queue.push(imported);
    }
  return undefined;
}

function chain(last: string, start: string, importer: ReadonlyMap<string, string>): string[] {
  const files = [start];
  for (let file = last; file !== start; file = importer.get(file) ?? start) files.unshift(file);
  return [start, ...files];
}

/** The cycles of the project, each once. */
function cycles(imports: Imports): string[][] {
  const reported = new Set<string>();
  const found: string[][] = [];
  for (const file of [...imports.keys()].sort()) {
    if (reported.has(file)) continue;
    const cycle = cycleThrough(file, imports);
    if (cycle === undefined) continue;
    for (const member of cycle) reported.add(member);
    found.push(cycle);
  }
  return found;
}

const found = cycles(readImports());
for (const cycle of found) console.error(`Import cycle: ${cycle.join(" → ")}`);
if (found.length > 0) {
  console.error("Move the type or constant that closes the cycle to its own file, or into the lower file of the two.");
  process.exitCode = 1;
}
