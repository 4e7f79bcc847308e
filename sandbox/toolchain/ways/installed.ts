import { existsSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { isUsable } from "../cache";
import { Unavailable } from "../errors";
import { run } from "../run";
import type { Way } from "../tool";

/** A program that is installed on this computer. */
export interface InstalledProgram {
  /** Directories to search after PATH; a `*` in one is any version. */
  readonly directories?: readonly string[];
  /** Arguments with which the program prints its features, and the pattern that its output must match. */
  readonly check: { readonly arguments: readonly string[]; readonly answer: RegExp };
}

/** A program that the system has, in any version that passes the check. The entry is a link to it. */
export function installedProgram({ directories = [], check }: InstalledProgram): Way {
  return {
    name: "installed program",
    recipe: () => JSON.stringify([directories, check.arguments, check.answer.source]),
    stillWorks: (directory) => readdirSync(directory).every((name) => existsSync(join(directory, name))),
    obtain: async ({ entry, tool, environment }) => {
      const path = (environment.PATH ?? "").split(":").filter((each) => each.startsWith("/"));
      for (const directory of [...path, ...directories.flatMap(versionsOf)]) {
        const file = join(directory, tool.file);
        if (!isUsable(file)) continue;
        const answer = await run(file, check.arguments, { environment, limitSeconds: 20 }).catch(() => "");
        if (!check.answer.test(answer)) continue;
        symlinkSync(file, join(entry, tool.file));
        return;
      }
      throw new Unavailable(
        `no installed ${tool.file} passes the check: with ${check.arguments.join(" ")} it must print ${String(check.answer)}`,
      );
    },
  };
}

/** The directories that a pattern with one `*` stands for, the highest version first. */
function versionsOf(pattern: string): string[] {
  const [base, rest] = pattern.split("*");
  if (!existsSync(base)) return [];
  const numeric = (one: string, other: string): number => other.localeCompare(one, undefined, { numeric: true });
  return readdirSync(base)
    .sort(numeric)
    .map((name) => `${base}${name}${rest}`);
}
