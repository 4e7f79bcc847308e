import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writePrivately } from "./aws/private-file";
import { pinnedVersion, type Toolchain, type ToolName } from "./toolchain";

interface Remembered {
  readonly toolchain: Toolchain<never> & { readonly tools: Readonly<Partial<Record<ToolName, string>>> };
  /** Of the time at which the sandbox was opened. */
  readonly versions: Readonly<Partial<Record<ToolName, string>>>;
}

const fileOf = (directory: string): string => join(directory, "toolchain.json");

/**
 * Keeps where a sandbox's tools are beside it. A later command may run in a shell without OKD_TOOLCHAIN, and must not build the tools for an hour only to stop what runs.
 */
export function rememberToolchain<Name extends ToolName>(directory: string, toolchain: Toolchain<Name>): void {
  const names = Object.keys(toolchain.tools) as Name[];
  const versions = Object.fromEntries(names.map((name) => [name, pinnedVersion(name)]));
  writePrivately(fileOf(directory), JSON.stringify({ toolchain, versions }));
}

/** The tools that a sandbox was opened with; undefined if one of these names is not among them, is gone, or has another version by now. */
export function rememberedToolchain<Name extends ToolName>(directory: string, names: readonly Name[]): Toolchain<Name> | undefined {
  const file = fileOf(directory);
  if (!existsSync(file)) return undefined;
  const { toolchain, versions } = JSON.parse(readFileSync(file, "utf8")) as Remembered;
  const isThere = (name: Name) => existsSync(toolchain.tools[name] ?? "") && versions[name] === pinnedVersion(name);
  return names.every(isThere) ? (toolchain as Toolchain<Name>) : undefined;
}

export function forgetToolchain(directory: string): void {
  rmSync(fileOf(directory), { force: true });
}
