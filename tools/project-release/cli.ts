import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { messageOf } from "../../lib/aws/errors";
import { type Command, runCommand } from "../../lib/run-main";
import { releaseChangelog } from "./changelog";
import { releaseProblems, versionTag } from "./checks";

interface Arguments {
  readonly version: string;
  readonly dryRun: boolean;
}

const command: Command<Arguments> = {
  usage: `Releases a version of this project.

  make release VERSION=<version> [DRY_RUN=1]

or npx tsx tools/project-release/cli.ts --version <version>
  --dry-run  only checks, and prints the notes

Moves the unreleased changes of CHANGELOG.md to the version, writes the version into package.json and package-lock.json, commits
both and tags the commit. Then writes into dist/: the archive of the tag, an SBOM in CycloneDX's format, the notes and the SHA-256
checksums. Pushes nothing: it prints the command. Run it after make test.
Exit code 0: done; 1: refused or failed; 2: wrong arguments.
`,
  readArguments(args) {
    try {
      const { values } = parseArgs({
        args: [...args],
        options: { version: { type: "string" }, "dry-run": { type: "boolean", default: false } },
      });
      const { version = "", "dry-run": dryRun } = values;
      return version === "" ? "VERSION=<version> is missing" : { version, dryRun };
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  },
  run: ({ version, dryRun }) => Promise.resolve(release(version, dryRun)),
};

function release(version: string, dryRun: boolean): number {
  process.chdir(git("rev-parse", "--show-toplevel").trim());
  const { version: current } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  const tags = git("tag", "--list")
    .split("\n")
    .filter((tag) => tag !== "");
  const problems = releaseProblems(version, { version: current, tags, changes: git("status", "--porcelain") });
  if (problems.length > 0) throw new Error(problems.map((problem) => `Problem: ${problem}`).join("\n\n"));
  const { text, notes } = releaseChangelog(readFileSync("CHANGELOG.md", "utf8"), version, new Date().toISOString().slice(0, 10));
  if (dryRun) {
    process.stdout.write(`Would commit and tag ${versionTag(version)} with these notes, and write dist/:\n\n${notes}\n`);
    return 0;
  }
  const before = git("rev-parse", "HEAD").trim();
  try {
    publish(version, text, notes);
  } catch (error) {
    undo(version, before);
    throw new Error(`The release of ${version} failed; checkout and tags are as before. ${messageOf(error)}`, { cause: error });
  }
  process.stdout.write(
    `Released ${version}. Publish it with: git push origin HEAD ${versionTag(version)}\nThe files for it are in dist/.\n`,
  );
  return 0;
}

/** Commits and tags the version. Afterwards dist/ contains only the files of this version. */
function publish(version: string, changelog: string, notes: string): void {
  writeFileSync("CHANGELOG.md", changelog);
  npm("version", version, "--no-git-tag-version", "--allow-same-version", "--ignore-scripts");
  const files = artifacts(version);
  rmSync("dist", { recursive: true, force: true });
  mkdirSync("dist");
  writeFileSync(files.sbom, sbom());
  writeFileSync(files.notes, `${notes}\n`);
  git("add", "CHANGELOG.md", "package.json", "package-lock.json");
  git("commit", "--quiet", "--message", `Release ${version}`);
  git("tag", "--annotate", versionTag(version), "--cleanup=verbatim", "--message", `${versionTag(version)}\n\n${notes}`);
  // The archive contains only the files of the tag, so anybody can make the same archive from the tag.
  git("archive", "--format=tar.gz", `--prefix=okd-aws-${version}/`, `--output=${files.archive}`, versionTag(version));
  writeFileSync(join("dist", "SHA256SUMS"), Object.values(files).map(checksum).join(""));
}

/** Deletes the version's tag and commit after a failed release. Nothing else is lost: the checkout had no changes, and nothing was pushed. */
function undo(version: string, before: string): void {
  if (git("tag", "--list", versionTag(version)) !== "") git("tag", "--delete", versionTag(version));
  git("reset", "--quiet", "--hard", before);
}

const artifacts = (version: string) => {
  const base = join("dist", `okd-aws-${version}`);
  return { archive: `${base}.tar.gz`, sbom: `${base}.cdx.json`, notes: `${base}.md` };
};

/** The SBOM of the packages in package-lock.json. npm names the project after its directory, which may have any name, so the name is set. */
function sbom(): string {
  const made = JSON.parse(npm("sbom", "--sbom-format=cyclonedx", "--package-lock-only")) as { metadata: { component: { name: string } } };
  made.metadata.component.name = "okd-aws";
  return `${JSON.stringify(made, undefined, 2)}\n`;
}

/** A line for `sha256sum --check`. */
function checksum(file: string): string {
  return `${createHash("sha256").update(readFileSync(file)).digest("hex")}  ${basename(file)}\n`;
}

const git = (...args: readonly string[]): string => output("git", args);
const npm = (...args: readonly string[]): string => output("npm", ["--no-update-notifier", ...args]);

/** @throws Error with the program's own message if it fails */
function output(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { encoding: "utf8", maxBuffer: 64 * 1024 ** 2, stdio: ["ignore", "pipe", "inherit"] });
}

runCommand(command);
