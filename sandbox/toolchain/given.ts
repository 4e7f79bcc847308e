import { join, resolve } from "node:path";
import { isUsable } from "./cache";
import { run } from "./run";
import type { Tool } from "./tool";

/** A command that only prints its version and takes longer than this is not the tool. */
const VERSION_SECONDS = 20;

/** A tool in the directory that the user names in `$OKD_TOOLCHAIN`: trusted by its name. Gives the directory that holds it. */
export function findInDirectory(directory: string | undefined, tool: Tool): string | undefined {
  if (directory === undefined || directory === "") return undefined;
  const holder = resolve(directory, tool.givenIn ?? ".");
  return isUsable(join(holder, tool.file)) ? holder : undefined;
}

export interface PathFinding {
  /** The directory on PATH that holds the tool, where its version fits. */
  readonly directory?: string;
  /** Why what is on PATH is not used. */
  readonly refusal?: string;
}

/** The first of the tool's name on PATH, if it is of a version that fits: what a shell would run, and nothing behind it. */
export async function findOnPath(environment: NodeJS.ProcessEnv, tool: Tool, without: string): Promise<PathFinding> {
  if (tool.onPath === undefined) return {};
  const directory = (environment.PATH ?? "")
    .split(":")
    .filter((entry) => entry.startsWith("/") && !entry.startsWith(`${without}/`))
    .find((entry) => isUsable(join(entry, tool.file)));
  if (directory === undefined) return {};
  const file = join(directory, tool.file);
  const version = await versionOf(file, tool.onPath.arguments, environment);
  if (version === undefined) return { refusal: `${file} does not tell its version` };
  if (tool.onPath.accepts(version)) return { directory };
  return { refusal: `${file} is ${version}, needed is ${tool.onPath.accepted}` };
}

async function versionOf(file: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const output = await run(file, args, { limitSeconds: VERSION_SECONDS, environment });
    return /\bv?(\d+\.\d+\.\d+)/.exec(output.replaceAll(file, ""))?.[1];
  } catch {
    return undefined;
  }
}
