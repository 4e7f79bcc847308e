import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { installInstaller } from "./installer";
import { pinnedVersion, type ToolName } from "./toolchain";

/** Programs that Pulumi and users start by name, so they must be on PATH. */
const programs = ["pulumi", "pulumi-language-nodejs", "kubectl"] as const satisfies readonly ToolName[];

/** A program that resolves names as the public zones of the emulated account do. */
export const getentStandIn = join(__dirname, "getent-stand-in", "getent");

/** Plugins, by the name under which the Pulumi engine knows them. */
const plugins = [
  ["aws", "pulumi-resource-aws"],
  ["command", "pulumi-resource-command"],
  ["kubernetes", "pulumi-resource-kubernetes"],
  ["pulumi-nodejs", "pulumi-resource-pulumi-nodejs"],
] as const satisfies readonly (readonly [string, ToolName])[];

/**
 * Links the tools into the directories where Pulumi and shells look for them. Programs go into a directory for PATH. Plugins go into the Pulumi engine's
 * directory of installed plugins, under the versions that the SDKs request. (The Pulumi engine also finds plugins on PATH, but warns about each of them in
 * every run.)
 *
 * @param tools some of the toolchain's tools; a tool that is missing here gets no link.
 * @returns the directory for PATH.
 */
export function linkTools(
  { tools }: { readonly tools: Readonly<Partial<Record<ToolName, string>>> },
  directory: string,
  pulumiHome: string,
): string {
  const programDirectory = join(directory, "bin");
  for (const name of programs) link(tools[name], programDirectory);
  const installer = tools["openshift-install"];
  if (installer !== undefined) installInstaller(installer, programDirectory);
  link(join(__dirname, "oc-stand-in", "oc"), programDirectory);
  link(getentStandIn, programDirectory);
  for (const [name, tool] of plugins) {
    link(tools[tool], join(pulumiHome, "plugins", `resource-${name}-v${pinnedVersion(tool)}`));
  }
  return programDirectory;
}

function link(file: string | undefined, directory: string): void {
  if (file === undefined) return;
  const path = join(directory, basename(file));
  mkdirSync(directory, { recursive: true });
  rmSync(path, { force: true });
  symlinkSync(file, path);
}
