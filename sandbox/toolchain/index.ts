import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { Cache } from "./cache";
import { Finder, pathOf, type FoundTool } from "./finder";
import { Downloader, type NetworkLimits } from "./network";
import { NotFound } from "./not-found";
import { missingToolsText, lineOf, type Progress } from "./report";
import { TOOLS } from "./table";
import { thisPlatform, TOOL_NAMES, type Tool, type ToolName } from "./tool";
import { VENDORS, type Vendors } from "./vendors";

export { VERSIONS } from "./versions";
export { OPTIONAL_TOOL_NAMES, thisPlatform, TOOL_NAMES, type ToolName } from "./tool";
export type { Progress } from "./report";
export { debianProblem } from "./ways/debian";

/** The tools in their pinned versions. */
export interface Toolchain<Name extends ToolName = ToolName> {
  /** Directories to put before PATH, in this order. */
  readonly path: readonly string[];
  /**
   * Absolute path of each tool: the executable; for `openshift-definitions` the directory; for `moto` the Python interpreter that has moto.
   */
  readonly tools: Readonly<Record<Name, string>>;
  /** Environment variables that the tools need. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ToolchainOptions {
  /**
   * Called with the progress of each tool. @default prints tools that are downloaded or built on standard error, and nothing about other tools
   */
  readonly progress?: (event: Progress) => void;
  /** Only looks for the tools; downloads and builds nothing. @default false */
  readonly checkOnly?: boolean;
  /** Where a stand-in is used: asks the vendor again, even if it could not be reached within the last day. @default false */
  readonly retry?: boolean;
  /** @default `$XDG_CACHE_HOME/okd-aws/toolchain`, or `~/.cache/okd-aws/toolchain` */
  readonly cacheDirectory?: string;
  /** The environment with OKD_TOOLCHAIN, PATH and XDG_CACHE_HOME. @default this process's */
  readonly environment?: NodeJS.ProcessEnv;
  /** Addresses of vendors that replace the default ones. */
  readonly vendors?: Partial<Vendors>;
  readonly limits?: Partial<NetworkLimits>;
  /** Other tools, for tests. */
  readonly table?: Readonly<Record<ToolName, Tool>>;
}

/**
 * The error for tools that are not available. The message, written for the user, says which tools are missing, how they were searched for, and
 * which packages to install.
 */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";

  constructor(readonly missing: readonly NotFound[]) {
    super(missingToolsText(missing));
  }
}

/**
 * Makes sure that tools are present, by default all of them, and returns their paths. Looks in `$OKD_TOOLCHAIN`, on PATH and in the cache.
 * A missing tool is downloaded from its vendor or built from Go modules, and cached.
 *
 * @throws ToolchainError that lists every tool which is not available
 */
export async function ensureToolchain<Name extends ToolName = ToolName>(
  names: readonly Name[] = TOOL_NAMES as readonly ToolName[] as readonly Name[],
  options: ToolchainOptions = {},
): Promise<Toolchain<Name>> {
  const environment = options.environment ?? process.env;
  const platform = thisPlatform();
  const tools = options.table ?? TOOLS;
  const finder = new Finder({
    tools,
    environment,
    platform,
    cache: new Cache(options.cacheDirectory ?? Cache.defaultRoot(environment), platform),
    network: new Downloader(options.limits),
    vendors: { ...VENDORS, ...options.vendors },
    checkOnly: options.checkOnly ?? false,
    retry: options.retry ?? false,
    progress: options.progress ?? reportWork,
  });
  const found: FoundTool[] = [];
  const missing: NotFound[] = [];
  for await (const result of finder.findAll(names)) {
    if (result instanceof NotFound) missing.push(result);
    else found.push(result);
  }
  if (missing.length > 0) throw new ToolchainError(missing);
  const paths = Object.fromEntries(found.map(({ name, directory }) => [name, join(directory, tools[name].file)]));
  return { path: pathOf(found, tools), tools: paths as Record<Name, string>, environment: environmentOf(paths) };
}

/** The pinned version of a tool. */
export function pinnedVersion(name: ToolName): string {
  return TOOLS[name].version;
}

function environmentOf(paths: Readonly<Partial<Record<string, string>>>): Record<string, string> {
  const installer = paths["openshift-install"];
  const data = installer === undefined ? undefined : join(dirname(installer), "openshift-install-data");
  return data !== undefined && existsSync(data) ? { OPENSHIFT_INSTALL_DATA: data } : {};
}

function reportWork(event: Progress): void {
  if (event.state !== "found" || event.work) console.error(lineOf(event, pinnedVersion(event.tool)));
}
