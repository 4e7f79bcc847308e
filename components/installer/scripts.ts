import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Configuration } from "../../config/configuration";

/** A script of the installer's steps, by its name in `scripts/`. */
export function readScript(name: string): string {
  return readFileSync(join(__dirname, "scripts", `${name}.sh`), "utf8");
}

/** What every step begins with: a directory of its own, and the transfer of files. */
export const commonScript = readScript("common");

/** What every step that runs `openshift-install` begins with: the common script, and the check of the binary's version. */
export const installerScript = `${commonScript}\n${readScript("installer")}`;

/** What the installer's script reads; plain values. */
export function installerEnvironment({ release, releaseImage }: Pick<Configuration, "release" | "releaseImage">): Record<string, string> {
  return { OKD_RELEASE: release, LOG_LEVEL: "info", OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: releaseImage ?? "" };
}
