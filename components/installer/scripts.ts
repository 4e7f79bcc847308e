import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Configuration } from "../../config/configuration";

/** A script of the installer's steps, by its name in `scripts/`. */
export function readScript(name: string): string {
  return readFileSync(join(__dirname, "scripts", `${name}.sh`), "utf8");
}

/** What every step begins with: the checks of the installer's binary, a directory of its own, the transfer of files. */
export const commonScript = readScript("common");

/** What the common script reads; plain values. */
export function installerEnvironment({ release, releaseImage }: Pick<Configuration, "release" | "releaseImage">): Record<string, string> {
  return { OKD_RELEASE: release, LOG_LEVEL: "info", OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: releaseImage ?? "" };
}
