import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CURRENT_MINOR } from "../config/releases/current";

/**
 * Writes an `openshift-install` script into a directory. The script runs the pinned 4.19 program. Only `openshift-install version` differs:
 * if OKD_RELEASE is a release of the current minor version, the script prints that release. sandbox/toolchain/README.md says why.
 *
 * @param real path of the toolchain's program.
 * @returns the path of the script.
 */
export function installInstaller(real: string, directory: string): string {
  const file = join(directory, "openshift-install");
  mkdirSync(directory, { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(file, script(real), { mode: 0o755 });
  return file;
}

function script(real: string): string {
  return `#!/bin/bash
# The sandbox's openshift-install (sandbox/installer.ts).
real=${quoted(real)}
if [ "\${1:-}" = version ] && [[ "\${OKD_RELEASE:-}" == ${CURRENT_MINOR}.* ]]; then
  "$real" version | sed "1s/ [^ ]*$/ $OKD_RELEASE/"
  exit
fi
exec "$real" "$@"
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
