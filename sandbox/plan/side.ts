import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { projectDirectory } from "../sandbox";

const run = promisify(execFile);
const mostOutput = 64 * 1024 * 1024;

/** A commit, or the working tree. */
export interface Side {
  /** The commit's short name, or "the working tree", for output. */
  readonly label: string;
  /** A copy of the project at this commit, with its packages installed. */
  readonly directory: string;
}

/**
 * Copies the project at a commit; if the commit is empty, the working tree with all files that git doesn't ignore.
 *
 * @throws Error if the commit does not exist.
 */
export async function checkOut(commit: string, directory: string): Promise<Side> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const label = commit === "" ? "the working tree" : (await resolved(commit)).slice(0, 12);
  await (commit === "" ? copyWorkingTree(directory) : extract(await resolved(commit), directory));
  await providePackages(directory);
  return { label, directory };
}

async function resolved(commit: string): Promise<string> {
  try {
    return (await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${commit}^{commit}`])).trim();
  } catch (error) {
    throw new Error(`${JSON.stringify(commit)} is not a commit of this repository; in a shallow clone, fetch it first`, {
      cause: error,
    });
  }
}

async function extract(commit: string, directory: string): Promise<void> {
  const archive = join(directory, "..", `${commit}.tar`);
  await git(["archive", "--format=tar", "-o", archive, commit]);
  await run("tar", ["-xf", archive, "-C", directory]);
}

async function copyWorkingTree(directory: string): Promise<void> {
  const names = (await git(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"])).split("\0");
  const deleted = new Set((await git(["ls-files", "-z", "--deleted"])).split("\0"));
  for (const name of names) {
    if (name === "" || deleted.has(name)) continue;
    mkdirSync(join(directory, dirname(name)), { recursive: true });
    cpSync(join(projectDirectory, name), join(directory, name), { verbatimSymlinks: true });
  }
}

/** Links this project's packages if both lock files are equal; otherwise installs the packages. */
async function providePackages(directory: string): Promise<void> {
  const lock = "package-lock.json";
  if (readFileSync(join(directory, lock), "utf8") === readFileSync(join(projectDirectory, lock), "utf8")) {
    symlinkSync(join(projectDirectory, "node_modules"), join(directory, "node_modules"));
  } else {
    await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: directory, maxBuffer: mostOutput });
  }
}

async function git(args: readonly string[]): Promise<string> {
  return (await run("git", args, { cwd: projectDirectory, maxBuffer: mostOutput })).stdout;
}
