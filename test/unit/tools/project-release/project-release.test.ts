/** A release of this project: its changelog, the problems that prevent it, and its files. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageFile from "../../../../package.json";
import { releaseChangelog } from "../../../../tools/project-release/changelog";
import { releaseProblems } from "../../../../tools/project-release/checks";

const changelog = "# Changelog\n\n## Unreleased\n\n- A key.\n\n## 0.1.0 (2026-11-01)\n\n- First.\n";

describe("the changelog", () => {
  test("gets a heading with the version above the unreleased changes, and a new empty section for later changes", () => {
    expect(releaseChangelog(changelog, "0.2.0", "2026-11-29")).toEqual({
      text: "# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-11-29)\n\n- A key.\n\n## 0.1.0 (2026-11-01)\n\n- First.\n",
      notes: "- A key.",
    });
  });

  test.each([
    ["without the heading", "# Changelog\n\n## 0.1.0\n\n- First.\n", 'no heading "## Unreleased"'],
    ["without a change", "# Changelog\n\n## Unreleased\n\n## 0.1.0\n\n- First.\n", 'nothing below "## Unreleased"'],
  ])("is refused if it is %s", (_, text, message) => {
    expect(() => releaseChangelog(text, "0.2.0", "2026-11-29")).toThrow(message);
  });

  test("of this project has the section Unreleased", () => {
    const own = readFileSync(join(__dirname, "..", "..", "..", "..", "CHANGELOG.md"), "utf8");
    expect(own).toMatch(/^## Unreleased$/m);
  });
});

describe("the next version", () => {
  const clean = { version: "0.1.0", tags: ["v0.1.0"], changes: "" };

  test.each(["0.1.1", "0.2.0", "1.0.0-rc.1"])("may be %s after 0.1.0", (version) => {
    expect(releaseProblems(version, clean)).toEqual([]);
  });

  test("may be the version of package.json if no version has been released", () => {
    expect(releaseProblems("0.1.0", { ...clean, tags: [] })).toEqual([]);
  });

  test.each([
    ["v0.2.0", clean, ["VERSION=v0.2.0 is not a semantic version.\nFix: Use a version such as 0.2.0."]],
    ["0.1.0", clean, ["The tag v0.1.0 exists already.\nFix: Choose the next version; a published version never changes."]],
    ["0.0.9", clean, ["VERSION=0.0.9 is not newer than 0.1.0, the version in package.json.\nFix: Use 0.1.1 or a newer one."]],
    [
      "0.2",
      { ...clean, changes: " M index.ts\n" },
      [
        "VERSION=0.2 is not a semantic version.\nFix: Use a version such as 0.2.0.",
        "The checkout has changes that are not committed:\n M index.ts\nFix: Commit or stash them, so that the archive is the tested state.",
      ],
    ],
  ])("is refused with all problems: %s", (version, checkout, problems) => {
    expect(releaseProblems(version, checkout)).toEqual(problems);
  });
});

describe("make release", () => {
  const project = join(__dirname, "..", "..", "..", "..");
  let directory: string;
  const git = (...args: string[]) => execFileSync("git", args, { cwd: directory, encoding: "utf8" });
  const release = (...args: string[]) =>
    spawnSync(join(project, "node_modules/.bin/tsx"), [join(project, "tools/project-release/cli.ts"), ...args], {
      cwd: directory,
      encoding: "utf8",
    });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "release-"));
    for (const file of ["package-lock.json", "sandbox/package.json"]) cpSync(join(project, file), join(directory, file));
    writeFileSync(join(directory, "package.json"), JSON.stringify({ ...packageFile, version: "0.1.0" }));
    writeFileSync(join(directory, "CHANGELOG.md"), changelog);
    writeFileSync(join(directory, ".gitignore"), "dist/\n");
    git("init", "--quiet");
    for (const [key, value] of Object.entries({
      "user.name": "test",
      "user.email": "test@example.com",
      "commit.gpgsign": "false",
      "tag.gpgsign": "false",
    }))
      git("config", key, value);
    git("add", ".");
    git("commit", "--quiet", "--message", "Begin");
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  test("commits and tags the version, and writes archive, SBOM, notes and their checksums", () => {
    const { stdout, stderr, status } = release("--version", "0.2.0");
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect(stdout).toContain("git push origin HEAD v0.2.0");
    expect(git("status", "--porcelain")).toBe("");
    expect(git("log", "--format=%s", "-1", "v0.2.0^{commit}").trim()).toBe("Release 0.2.0");
    expect(git("for-each-ref", "--format=%(contents:body)", "refs/tags/v0.2.0").trim()).toBe("- A key.");
    expect(readdirSync(join(directory, "dist")).sort()).toEqual([
      "SHA256SUMS",
      "okd-aws-0.2.0.cdx.json",
      "okd-aws-0.2.0.md",
      "okd-aws-0.2.0.tar.gz",
    ]);
    execFileSync("sha256sum", ["--check", "--quiet", "SHA256SUMS"], { cwd: join(directory, "dist") });
    const archived = execFileSync("tar", ["-xzOf", "dist/okd-aws-0.2.0.tar.gz", "okd-aws-0.2.0/package.json"], {
      cwd: directory,
      encoding: "utf8",
    });
    expect(JSON.parse(archived)).toMatchObject({ version: "0.2.0" });
    const sbom = JSON.parse(readFileSync(join(directory, "dist/okd-aws-0.2.0.cdx.json"), "utf8")) as {
      metadata: { component: object };
      components: { purl: string }[];
    };
    expect(sbom.metadata.component).toMatchObject({ name: "okd-aws", version: "0.2.0" });
    expect(sbom.components.map(({ purl }) => purl)).toEqual(
      expect.arrayContaining([
        `pkg:npm/%40pulumi/pulumi@${packageFile.dependencies["@pulumi/pulumi"]}`,
        "pkg:npm/%40okd-aws/sandbox@0.0.0",
      ]),
    );
  });

  test("with DRY_RUN shows the notes and changes nothing", () => {
    const { stdout, status } = release("--version", "0.2.0", "--dry-run");
    expect({ stdout, status }).toEqual({
      stdout: "Would commit and tag v0.2.0 with these notes, and write dist/:\n\n- A key.\n",
      status: 0,
    });
    expect(git("status", "--porcelain") + git("tag")).toBe("");
  });

  test("leaves everything as it was if the commit fails", () => {
    const before = git("rev-parse", "HEAD");
    writeFileSync(join(directory, ".git", "hooks", "pre-commit"), "#!/bin/sh\necho the hook says no >&2\nexit 1\n", { mode: 0o755 });
    const { stderr, status } = release("--version", "0.2.0");
    expect(status).toBe(1);
    expect(stderr).toMatch(/the hook says no[^]*The release of 0\.2\.0 failed; checkout and tags are as before\./);
    expect(git("status", "--porcelain") + git("tag")).toBe("");
    expect(git("rev-parse", "HEAD")).toBe(before);
  });

  test("refuses a version that is not newer", () => {
    const { stderr, status } = release("--version", "0.1.0-rc.1");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Problem: VERSION=0\.1\.0-rc\.1 is not newer than 0\.1\.0/m);
  });
});
