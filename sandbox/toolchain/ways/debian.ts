import { copyFileSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { run } from "../run";
import type { Way } from "../tool";

export const DEBIAN_WAY = "Debian package";

/**
 * A program of a Debian package, from the mirror that this computer's apt uses. apt checks the signatures of the lists and the package's
 * checksum. The package is only unpacked: its installation would start a daemon. The lists are downloaded into the scratch directory, so
 * that neither root nor earlier lists are needed.
 *
 * @param name the package's name
 * @param program path of the program in the package
 */
export function debianPackage(name: string, program: string): Way {
  return {
    name: DEBIAN_WAY,
    recipe: () => `${name} ${program}`,
    obtain: async ({ entry, scratch, tool, environment }) => {
      const [lists, cache, files] = ["lists", "cache", "files"].map((directory) => join(scratch, directory));
      for (const directory of [lists, cache, files]) mkdirSync(directory);
      const apt = (...args: string[]): Promise<string> =>
        run("apt-get", ["-q", "-o", `Dir::State::Lists=${lists}`, "-o", `Dir::Cache=${cache}`, ...args], {
          cwd: files,
          environment,
          install: "apt-get and dpkg-deb of Debian 12",
        });
      await apt("update");
      // Debian's own part of the version, which differs between processors and changes with security updates, is left open.
      await apt("download", `${name}=${tool.version}*`);
      const [file] = readdirSync(files);
      const unpacked = join(scratch, "unpacked");
      await run("dpkg-deb", ["--extract", join(files, file), unpacked], { environment });
      renameSync(join(unpacked, program), join(entry, tool.file));
      // The package's licences stay with the program.
      copyFileSync(join(unpacked, "usr", "share", "doc", name, "copyright"), join(entry, "copyright"));
    },
  };
}
