import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const project = join(__dirname, "..", "..");
const pages = ["docs/findings.md", "docs/sandbox.md"];

/** A test file that a page names, and the titles that follow, each after ` › `. Commas separate the names of Python's tests. */
interface Citation {
  readonly page: string;
  readonly file: string;
  readonly titles: readonly string[];
}

function citations(page: string): Citation[] {
  const text = readFileSync(join(project, page), "utf8");
  const pattern = /`?((?:test|sandbox)\/[\w./-]+(?:\.test\.ts|\/test_\w+\.py))`?(?: › ([^|;\n]{1,400}))?/g;
  return [...text.matchAll(pattern)].map(([, file, titles = ""]) => ({ page, file, titles: titlesIn(file, titles) }));
}

function titlesIn(file: string, text: string): string[] {
  if (file.endsWith(".py")) return text.match(/\btest_\w+/g) ?? [];
  return text
    .split(" › ")
    .map((title) => title.trim())
    .filter((title) => title !== "");
}

/** The text of a test file without the backslashes before quotes, because a page writes titles without these. */
const source = (file: string): string => readFileSync(join(project, file), "utf8").replaceAll(/\\(["'`])/g, "$1");

describe.each(pages)("the tests that %s cites", (page) => {
  const cited = citations(page);

  test("are more than 25, so the page's citations are found", () => {
    expect(cited.length).toBeGreaterThan(25);
  });

  test("are in files that exist", () => {
    expect(cited.filter(({ file }) => !existsSync(join(project, file))).map(({ file }) => file)).toEqual([]);
  });

  test("have the cited titles", () => {
    const missing = cited
      .filter(({ file }) => existsSync(join(project, file)))
      .flatMap(({ file, titles }) => titles.filter((title) => !source(file).includes(title)).map((title) => `${file} › ${title}`));
    expect(missing).toEqual([]);
  });
});
