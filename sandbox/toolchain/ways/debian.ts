import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { MissingProgram, Unavailable } from "../errors";
import { run } from "../run";
import type { Way } from "../tool";

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
    obtain: async ({ entry, scratch, tool, environment }) => {
      const problem = debianProblem(osRelease);
      if (problem !== undefined) throw new Unavailable(problem);
      const [lists, cache, files] = ["lists", "cache", "files"].map((directory) => join(scratch, directory));
      for (const directory of [lists, cache, files]) mkdirSync(directory);
      const settings = [`Dir::State::Lists=${lists}`, `Dir::Cache=${cache}`, ...IMPATIENT].flatMap((each) => ["-o", each]);
      const install = "apt-get and dpkg-deb of Debian 12";
      const apt = (...args: string[]): Promise<string> =>
        run("apt-get", ["-q", ...settings, ...args], { cwd: files, environment, install, limitSeconds: LIMIT_SECONDS });
      // One bad source makes the update fail as a whole. Another may still have the package.
      const listsFailed = await reasonOfFailure(apt("update"));
      // Debian's own part of the version, which differs between processors and changes with security updates, is left open.
      const failed = await reasonOfFailure(apt("download", `${name}=${tool.version}*`));
      if (failed !== undefined) throw new Unavailable([listsFailed, failed].filter((reason) => reason !== undefined).join("\n"));
      const [file] = readdirSync(files);
      const unpacked = join(scratch, "unpacked");
      await run("dpkg-deb", ["--extract", join(files, file), unpacked], { environment });
      renameSync(join(unpacked, program), join(entry, tool.file));
      // The package's licences stay with the program.
      copyFileSync(join(unpacked, "usr", "share", "doc", name, "copyright"), join(entry, "copyright"));
    },
  };
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
