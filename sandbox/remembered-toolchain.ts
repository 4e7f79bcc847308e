import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writePrivately } from "./aws/private-file";
import { pinnedVersion, type Toolchain, type ToolName } from "./toolchain";

interface Remembered {
  readonly toolchain: Toolchain<never> & { readonly tools: Readonly<Partial<Record<ToolName, string>>> };
  /** The pinned versions at the time when the sandbox was opened. */
  readonly versions: Readonly<Partial<Record<ToolName, string>>>;
}

const fileOf = (directory: string): string => join(directory, "toolchain.json");

/**
 * Writes the paths of a sandbox's tools into the sandbox's directory. A later command may run in a shell without OKD_TOOLCHAIN, and must
 * not build the tools for an hour only to stop the sandbox.
 */
export function rememberToolchain<Name extends ToolName>(directory: string, toolchain: Toolchain<Name>): void {
  const names = Object.keys(toolchain.tools) as Name[];
  const versions = Object.fromEntries(names.map((name) => [name, pinnedVersion(name)]));
  writePrivately(fileOf(directory), JSON.stringify({ toolchain, versions }));
}

/**
 * The tools that a sandbox was opened with; undefined if one of these names is missing, its file is gone, or its pinned version has
 * changed.
 */
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
