import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MissingProgram, Unavailable } from "../errors";
import { run } from "../run";
import type { Way, WayContext } from "../tool";

/** apt asks each mirror once and does not wait long, so that the next way gets its turn where there is no mirror. */
const IMPATIENT = ["Acquire::Retries=0", "Acquire::http::Timeout=10", "Acquire::https::Timeout=10"];
const LIMIT_SECONDS = 120;

/**
 * A program of a package of Debian 12, from the mirror that this computer's apt uses. apt checks the signatures of the lists and the
 * package's checksum. The package is only unpacked: its installation would start a daemon. The lists are downloaded into the scratch
 * directory, so that neither root nor earlier lists are needed.
 *
 * @param name the package's name
 * @param program path of the program in the package
 * @param osRelease the file that names this computer's operating system
 */
export function debianPackage(name: string, program: string, osRelease = "/etc/os-release"): Way {
  return {
    name: "Debian package",
    recipe: () => `${name} ${program}`,
    obtain: async (context) => {
      const { entry, tool } = context;
      const unpacked = await unpack([name], context, osRelease);
      renameSync(join(unpacked, program), join(entry, tool.file));
      // The package's licences stay with the program.
      copyFileSync(join(unpacked, "usr", "share", "doc", name, "copyright"), join(entry, "copyright"));
    },
  };
}

/**
 * A program with its files, from several packages of Debian 12 that are unpacked into one directory.
 *
 * @param names names of the packages; a name may have a version after `=`, otherwise the package has the tool's version
 * @param start the program's path in the packages, or a shell script that starts it, in which `$here` is the directory with their files;
 *   undefined if the tool is the directory `usr` itself
 */
export function debianPackages(
  names: readonly string[],
  start: { readonly program: string } | { readonly script: string } | undefined,
  osRelease = "/etc/os-release",
): Way {
  return {
    name: names.length === 1 ? "Debian package" : "Debian packages",
    recipe: () => `${names.join(" ")} ${JSON.stringify(start)}`,
    obtain: async (context) => {
      const { entry, tool } = context;
      renameSync(join(await unpack(names, context, osRelease), "usr"), join(entry, "usr"));
      const file = join(entry, tool.file);
      if (start === undefined) return;
      if ("program" in start) symlinkSync(start.program, file);
      else writeFileSync(file, `#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\n${start.script}\n`, { mode: 0o755 });
    },
  };
}

/**
 * A tree of files with packages of Debian 12 and all packages that they depend on: the root file system of a container. apt resolves the
 * dependencies as on an empty computer. The packages' scripts do not run. Documentation is left out, licences are kept.
 *
 * @param names names of the packages, with the version after `=`
 * @param leftOut packages that a dependency names although the programs run without them
 */
export function debianTree(names: readonly string[], leftOut: readonly string[] = [], osRelease = "/etc/os-release"): Way {
  return {
    name: "Debian packages",
    recipe: () => `${names.join(" ")} without ${leftOut.join(" ")}`,
    obtain: async (context) => {
      const unpacked = await unpack(names, context, osRelease, { leftOut });
      for (const directory of ["man", "info", "locale", "lintian"])
        rmSync(join(unpacked, "usr", "share", directory), { recursive: true, force: true });
      const doc = join(unpacked, "usr", "share", "doc");
      for (const file of readdirSync(doc, { recursive: true, withFileTypes: true }))
        if (!file.isDirectory() && file.name !== "copyright") rmSync(join(file.parentPath, file.name));
      renameSync(unpacked, join(context.entry, context.tool.file));
    },
  };
}

/**
 * Downloads packages and unpacks them into one directory, which it returns. A name without a version gets the tool's version.
 *
 * @param dependencies if given, the packages that the named ones depend on are unpacked too, except those in `leftOut`
 */
async function unpack(
  names: readonly string[],
  { scratch, tool, environment }: WayContext,
  osRelease: string,
  dependencies?: { readonly leftOut: readonly string[] },
): Promise<string> {
  const problem = debianProblem(osRelease);
  if (problem !== undefined) throw new Unavailable(problem);
  const [lists, cache, packages] = ["lists", "cache", "files"].map((directory) => join(scratch, directory));
  const files = dependencies === undefined ? packages : join(cache, "archives");
  for (const directory of [lists, cache, packages]) mkdirSync(directory);
  const settings = [`Dir::State::Lists=${lists}`, `Dir::Cache=${cache}`, ...IMPATIENT].flatMap((each) => ["-o", each]);
  const install = "apt-get and dpkg-deb of Debian 12";
  const apt = (...args: string[]): Promise<string> =>
    run("apt-get", ["-q", ...settings, ...args], { cwd: packages, environment, install, limitSeconds: LIMIT_SECONDS });
  // One bad source makes the whole update fail. The package may still come from a different source, so the download is tried anyway.
  const listsFailed = await reasonOfFailure(apt("update"));
  // Debian's own part of the version, which differs between processors and changes with security updates, is left open.
  const wanted = names.map((name) => (name.includes("=") ? `${name}*` : `${name}=${tool.version}*`));
  const failed = await reasonOfFailure(dependencies === undefined ? apt("download", ...wanted) : downloadAll(apt, wanted, scratch));
  if (failed !== undefined) throw new Unavailable([listsFailed, failed].filter((reason) => reason !== undefined).join("\n"));
  const unpacked = join(scratch, "unpacked");
  for (const file of readdirSync(files)) {
    const isLeftOut = !file.endsWith(".deb") || dependencies?.leftOut.includes(file.split("_")[0]);
    if (isLeftOut !== true) await run("dpkg-deb", ["--extract", join(files, file), unpacked], { environment });
  }
  return unpacked;
}

/** Downloads packages and their dependencies. With an empty record of installed packages, apt takes none of them as present. */
async function downloadAll(apt: (...args: string[]) => Promise<string>, wanted: readonly string[], scratch: string): Promise<void> {
  const status = join(scratch, "status");
  writeFileSync(status, "");
  const settings = [`Dir::State::Status=${status}`, "APT::Install-Recommends=false", "Debug::NoLocking=true"];
  await apt(...settings.flatMap((each) => ["-o", each]), "--download-only", "--yes", "install", ...wanted);
}

/** The reason why this computer has no packages of Debian 12; undefined if it has. Other releases package other versions. */
export function debianProblem(osRelease = "/etc/os-release"): string | undefined {
  const text = existsSync(osRelease) ? readFileSync(osRelease, "utf8") : "";
  const value = (name: string): string => new RegExp(`^${name}="?([^"\n]*)`, "m").exec(text)?.[1] ?? "unknown";
  const [system, version] = [value("ID"), value("VERSION_ID")];
  return system === "debian" && version === "12"
    ? undefined
    : `this computer does not run Debian 12 (system ${system}, version ${version})`;
}

/** @throws MissingProgram if the program does not exist */
async function reasonOfFailure(command: Promise<unknown>): Promise<string | undefined> {
  try {
    await command;
    return undefined;
  } catch (error) {
    if (error instanceof Unavailable && !(error instanceof MissingProgram)) return error.message;
    throw error;
  }
}
