/** The sandbox as a package: its packages, its entry points, and the lists in its README. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import projectFile from "../../../package.json";
import packageFile from "../../../sandbox/package.json";

const project = join(__dirname, "..", "..", "..");
const sandbox = join(project, "sandbox");
const readme = readFileSync(join(sandbox, "README.md"), "utf8");

/** The modules that each file of the sandbox imports. */
const imports = readdirSync(sandbox, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.[jt]s$/.test(path) && !path.includes("node_modules"))
  .map((path) => ({ path, modules: modulesOf(join(sandbox, path)) }));

function modulesOf(file: string): string[] {
  return ts.preProcessFile(readFileSync(file, "utf8"), true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The first column of the table below a heading, without backquotes. */
function firstColumn(heading: string): string[] {
  const section = readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const rows = [...section.matchAll(/^\| (.+?) \|/gm)].map(([, cell]) => cell).slice(1);
  return rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
}

describe("the package of the sandbox", () => {
  const { dependencies } = packageFile;

  test("depends on the packages that its files import, and on the two that run them", () => {
    const packages = imports.flatMap(({ modules }) => modules.filter((name) => !/^(\.|node:)/.test(name)));
    const names = new Set(packages.map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0]));
    expect(names.size).toBeGreaterThan(10);
    expect(Object.keys(dependencies).sort()).toEqual([...names, "ts-node", "tsx"].sort());
  });

  test("has the same versions of packages as the project, so that each package is installed once", () => {
    const versions: Partial<Record<string, string>> = projectFile.dependencies;
    const others = Object.entries(dependencies).filter(([name, version]) => (versions[name] ?? version) !== version);
    expect(others).toEqual([]);
  });

  test("has each entry point in the file that its name says, because the type checker looks there", () => {
    const { ".": main, ...others } = packageFile.exports;
    expect(main).toBe(`./${packageFile.main}`);
    expect(Object.entries(others).filter(([name, file]) => ![`${name}.ts`, `${name}/index.ts`].includes(file))).toEqual([]);
  });
});

describe("the sandbox's README", () => {
  test("lists the entry points", () => {
    const names = Object.keys(packageFile.exports).map((name) => join(packageFile.name, name));
    expect(firstColumn("Entry points").sort()).toEqual(names.sort());
  });

  test("lists the folders", () => {
    const folders = readdirSync(sandbox, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== "node_modules");
    expect(firstColumn("Folders").sort()).toEqual(folders.map(({ name }) => `${name}/`).sort());
  });

  test("lists the files of the program that the sandbox imports", () => {
    const taken = imports.flatMap(({ path, modules }) =>
      modules
        .filter((name) => name.startsWith("."))
        .map((name) => relative(project, join(sandbox, dirname(path), name)))
        .filter((file) => !file.startsWith("sandbox")),
    );
    expect(firstColumn("What the sandbox takes from the program").sort()).toEqual([...new Set(taken)].sort());
  });
});
