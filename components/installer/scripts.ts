import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Configuration } from "../../config/configuration";

/** Reads a script of the installer's steps by its name in `scripts/`. */
export function readScript(name: string): string {
  return readFileSync(join(__dirname, "scripts", `${name}.sh`), "utf8");
}

/** Beginning of every step: its own directory, and functions that transfer files. */
export const commonScript = readScript("common");

/** Beginning of every step that runs `openshift-install`: the common script, and a check of the installer's version. */
export const installerScript = `${commonScript}\n${readScript("installer")}`;

/** Environment variables that the installer's script reads; not secret. */
export function installerEnvironment({ release, releaseImage }: Pick<Configuration, "release" | "releaseImage">): Record<string, string> {
  return { OKD_RELEASE: release, LOG_LEVEL: "info", OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: releaseImage ?? "" };
}
