/** The guides of docs/map.md, "The files of each kind of change": the files of each example are the files that the guide names. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const project = join(__dirname, "..", "..");

/** One row of a guide's table. */
interface Row {
  /** The first column, for messages. */
  readonly files: string;
  readonly patterns: readonly RegExp[];
  /** Whether every change touches one of these files. */
  readonly always: boolean;
}

interface Guide {
  readonly title: string;
  readonly rows: readonly Row[];
  /** Arguments of the `git grep` commands that list the files of the examples. */
  readonly examples: readonly (readonly string[])[];
}

/** Files that no row of a guide has to name: the page with the guides, this test, recorded plans, the list of regular expressions. */
const everywhere = [/^docs\/map\.md$/, /^test\/unit\/guides\.test\.ts$/, /^test\/fixtures\//, /^test\/expressions\/table\.json$/];

/** Reads the guides of a page: below each heading of level 3 a table, and a block of commands. */
function guidesIn(page: string): Guide[] {
  const sections = page.split(/^### /m).slice(1);
  const texts = new Map(sections.map((text) => [text.slice(0, text.indexOf("\n")), text.split(/^## /m)[0]]));
  const rowsOf = (text: string): Row[] =>
    [...text.matchAll(/^\| (.+?) \| (.+) \|$/gm)]
      .filter(([, files]) => files !== "file")
      .flatMap(([, files, work]): readonly Row[] => {
        const other = /^\[(.+)\]\(#.+\)$/.exec(files)?.[1];
        if (other === undefined) return [{ files, patterns: patternsIn(files), always: !work.startsWith("only ") }];
        const linked = texts.get(other);
        if (linked === undefined) throw new Error(`${files} links to a guide that does not exist`);
        return rowsOf(linked).map((row) => ({ ...row, always: false }));
      });
  return [...texts].map(([title, text]) => ({
    title,
    rows: rowsOf(text),
    examples: [...text.matchAll(/^git grep (.+)$/gm)].map(([, words]) =>
      [...words.matchAll(/'[^']*'|[^' ]+/g)].map(([word]) => word.replaceAll("'", "")),
    ),
  }));
}

/** The paths in backquotes: `<name>` and `*` stand for a part of a name, and a folder for all files in it. */
function patternsIn(cell: string): RegExp[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, path]) => {
    const escaped = path.replaceAll(".", "\\.").replaceAll("*", "[^/]*");
    return new RegExp(`^${escaped.replaceAll(/<\w+>/g, "[^/]+")}${path.endsWith("/") ? "" : "$"}`);
  });
}

/** Files that no row of the guide names. */
function unnamed({ rows }: Guide, files: readonly string[]): string[] {
  const patterns = [...rows.flatMap((row) => row.patterns), ...everywhere];
  return files.filter((file) => !patterns.some((pattern) => pattern.test(file)));
}

/** Rows that are marked as needed by every change, but that name none of the given files. */
function untouched({ rows }: Guide, files: readonly string[]): string[] {
  return rows
    .filter(({ always, patterns }) => always && !files.some((file) => patterns.some((each) => each.test(file))))
    .map((row) => row.files);
}

const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: project, encoding: "utf8" }).trim().split("\n");
const guides = guidesIn(readFileSync(join(project, "docs", "map.md"), "utf8"));

test("the map has a guide for each kind of change", () => {
  expect(guides.map(({ title }) => title)).toEqual([
    "A configuration key",
    "A Kubernetes object",
    "An AWS resource",
    "A make command",
    "A policy rule",
    "A diagnosis check",
  ]);
  expect(guides.filter(({ rows, examples }) => rows.length < 4 || examples.length === 0)).toEqual([]);
});

describe.each(guides.map((guide) => [guide.title, guide] as const))("the guide %s", (_, guide) => {
  const files = [...new Set(guide.examples.flatMap((words) => git("grep", "--untracked", ...words)))];

  test("names files that exist", () => {
    const all = git("ls-files", "--cached", "--others", "--exclude-standard");
    const missing = guide.rows.flatMap(({ patterns }) => patterns).filter((pattern) => !all.some((file) => pattern.test(file)));
    expect(missing).toEqual([]);
  });

  test("names every file that its examples list", () => {
    expect(unnamed(guide, files)).toEqual([]);
  });

  test("marks no row as needed by every change if its examples list none of the row's files", () => {
    expect(untouched(guide, files)).toEqual([]);
  });
});

test("this check finds a file that no row of a guide names, and a row that names none of the files", () => {
  const [guide] = guidesIn(
    "### A key\n\n| file | what to do |\n|---|---|\n| `config/<topic>/keys.ts`, `docs/` | all |\n| `lib/*.ts` | only some |\n| `tools/x.ts` | all |\n",
  );
  expect(unnamed(guide, ["config/a/keys.ts", "docs/a/b.md", "lib/c.ts"])).toEqual([]);
  expect(unnamed(guide, ["config/keys.ts", "config/a/keys.tsx", "lib/c/d.ts", "stacks/new.ts"])).toHaveLength(4);
  expect(untouched(guide, ["docs/a.md"])).toEqual(["`tools/x.ts`"]);
});
