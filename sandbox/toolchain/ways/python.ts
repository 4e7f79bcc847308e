import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { MissingProgram } from "../errors";
import { run } from "../run";
import type { Way } from "../tool";

/** The oldest Python for which every pinned package has a release. */
const OLDEST_MINOR = 11;
const INSTALL = `Python 3.${OLDEST_MINOR} or newer with venv and pip (packages python3, python3-venv)`;

/** Packages of a fully pinned requirements file (relative to `sandbox/toolchain/`), installed into their own virtual environment. */
export function pythonPackages(requirements: string): Way {
  const file = join(__dirname, "..", requirements);
  return {
    name: "pip",
    recipe: () => createHash("sha256").update(readFileSync(file)).digest("hex"),
    stillWorks: (directory) => existsSync(interpreterOf(directory)),
    obtain: async ({ entry, environment }) => {
      await run(await findPython(environment), ["-m", "venv", entry], { environment, install: INSTALL });
      const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
      // Only the listed packages: a dependency without a pin is an error here, not a surprise later.
      await run(join(entry, "bin", "python"), ["-m", "pip", "install", ...quiet, "--no-deps", "--requirement", file], { environment });
      await run(join(entry, "bin", "python"), ["-m", "pip", "check", ...quiet], { environment });
      dropScripts(join(entry, "bin"));
    },
  };
}

/** The Python that made a virtual environment. An upgrade of the system can remove this Python, and the new Python does not find the packages. */
function interpreterOf(environment: string): string {
  const file = join(environment, "pyvenv.cfg");
  return existsSync(file) ? (/^executable = (.+)$/m.exec(readFileSync(file, "utf8"))?.[1] ?? "") : "";
}

/** Removes the scripts: they contain the directory in which they were made, and the entry moves later. `python -m` replaces them. */
function dropScripts(bin: string): void {
  for (const name of readdirSync(bin)) if (!/^python[\d.]*$/.test(name)) rmSync(join(bin, name), { recursive: true });
}

/** The first Python that is new enough and can make virtual environments. */
async function findPython(environment: NodeJS.ProcessEnv): Promise<string> {
  const refusals: string[] = [];
  for (const name of ["python3", "python3.14", "python3.13", "python3.12", "python3.11"]) {
    try {
      const minor = Number(
        await run(name, ["-c", "import sys, venv, ensurepip; print(sys.version_info.minor)"], { limitSeconds: 20, environment }),
      );
      if (minor >= OLDEST_MINOR) return name;
      refusals.push(`${name} is 3.${minor}`);
    } catch (error) {
      if (!(error instanceof MissingProgram)) refusals.push(`${name} has no module venv or ensurepip`);
    }
  }
  throw new MissingProgram(refusals.join(", ") || "python3 is not installed", INSTALL);
}
