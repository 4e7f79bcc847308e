import { join, resolve } from "node:path";
import { isUsable } from "./cache";
import { run } from "./run";
import type { Tool } from "./tool";

/** Time limit of the command that prints the version. A program that takes longer is not the tool. */
const VERSION_SECONDS = 20;

/** Looks for a tool in the user's directory `$OKD_TOOLCHAIN`. Such a tool is trusted without a version check. Returns the directory that holds it. */
export function findInDirectory(directory: string | undefined, tool: Tool): string | undefined {
  if (directory === undefined || directory === "") return undefined;
  const holder = resolve(directory, tool.givenIn ?? ".");
  return isUsable(join(holder, tool.file)) ? holder : undefined;
}

export interface PathFinding {
  /** The directory on PATH that holds the tool, if the tool's version is accepted. */
  readonly directory?: string;
  /** The reason why the tool on PATH is not used. */
  readonly refusal?: string;
}

/** Checks the first program with the tool's name on PATH. A shell would run this first program, so later directories are not searched. */
export async function findOnPath(environment: NodeJS.ProcessEnv, tool: Tool, without: string): Promise<PathFinding> {
  if (tool.onPath === undefined) return {};
  const directory = (environment.PATH ?? "")
    .split(":")
    .filter((entry) => entry.startsWith("/") && !entry.startsWith(`${without}/`))
    .find((entry) => isUsable(join(entry, tool.file)));
  if (directory === undefined) return {};
  const file = join(directory, tool.file);
  const version = await versionOf(file, tool.onPath.arguments, environment);
  if (version === undefined) return { refusal: `${file} does not print its version` };
  if (tool.onPath.accepts(version)) return { directory };
  return { refusal: `${file} is ${version}, but ${tool.onPath.accepted} is needed` };
}

async function versionOf(file: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const output = await run(file, args, { limitSeconds: VERSION_SECONDS, environment });
    return /\bv?(\d+\.\d+\.\d+)/.exec(output.replaceAll(file, ""))?.[1];
  } catch {
    return undefined;
  }
}
