import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { isUsable, type Cache } from "./cache";
import { ChecksumMismatch, MissingProgram, thrownMessage, Unavailable } from "./errors";
import { findInDirectory, findOnPath } from "./user-tools";
import type { Downloader } from "./network";
import { NotFound } from "./not-found";
import type { Progress } from "./report";
import type { Platform, Tool, ToolName, Way } from "./tool";
import type { Vendors } from "./vendors";

export interface FinderSettings {
  readonly tools: Readonly<Record<ToolName, Tool>>;
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: Platform;
  readonly cache: Cache;
  readonly network: Downloader;
  readonly vendors: Vendors;
  /** If true, only looks for the tools; downloads and builds nothing. */
  readonly checkOnly: boolean;
  /** Asks vendors again, even if they could not be reached within the last day. */
  readonly retry: boolean;
  readonly progress: (event: Progress) => void;
}

/** A tool that was found. */
export interface FoundTool {
  readonly name: ToolName;
  /** The directory that contains the tool. */
  readonly directory: string;
  readonly source: "OKD_TOOLCHAIN" | "PATH" | "cache" | "new" | "project";
  /** The tool's source, shown to the user. */
  readonly from: string;
}

/** The result of looking for a tool: the tool, if it was found, and the places where it was not. */
interface Look {
  readonly found: FoundTool | undefined;
  readonly tried: readonly string[];
}

/** Finds each tool once, in the first place that has it. */
export class Finder {
  private readonly looks = new Map<ToolName, Promise<Look>>();
  private readonly finds = new Map<ToolName, Promise<FoundTool>>();

  constructor(private readonly settings: FinderSettings) {}

  /**
   * Finds tools and reports each in the given order. All tools are looked for in parallel. Missing tools are downloaded
   * or built one after the other, because each download and each build uses the whole computer.
   */
  async *findAll(names: readonly ToolName[]): AsyncGenerator<FoundTool | NotFound> {
    for (const name of names) this.look(name).catch(() => undefined); // The error is reported below.
    for (const name of names) {
      try {
        yield await this.find(name);
      } catch (error) {
        if (!(error instanceof NotFound)) throw error;
        yield error;
      }
    }
  }

  private find(name: ToolName): Promise<FoundTool> {
    return memoized(this.finds, name, () => this.findOrObtain(name));
  }

  private look(name: ToolName): Promise<Look> {
    return memoized(this.looks, name, () => this.lookForExisting(name));
  }

  private async findOrObtain(name: ToolName): Promise<FoundTool> {
    const start = Date.now();
    const seconds = (): number => (Date.now() - start) / 1000;
    const { progress } = this.settings;
    try {
      const look = await this.look(name);
      const found = look.found ?? (await this.obtain(name, look.tried));
      progress({ tool: name, state: "found", from: found.from, seconds: seconds(), work: found.source === "new" });
      return found;
    } catch (error) {
      progress({ tool: name, state: "failed", seconds: seconds() });
      throw error;
    }
  }

  /** Looks for the tool in $OKD_TOOLCHAIN, on PATH, next to another tool, and in the cache. */
  private async lookForExisting(name: ToolName): Promise<Look> {
    const { tools, environment, cache } = this.settings;
    const tool = tools[name];
    const tried: string[] = [];
    const given = findInDirectory(environment.OKD_TOOLCHAIN, tool);
    if (given !== undefined)
      return { found: { name, directory: given, source: "OKD_TOOLCHAIN", from: "$OKD_TOOLCHAIN (version not checked)" }, tried };
    if (environment.OKD_TOOLCHAIN !== undefined && environment.OKD_TOOLCHAIN !== "")
      tried.push(`$OKD_TOOLCHAIN: no executable ${join(environment.OKD_TOOLCHAIN, tool.givenIn ?? "", tool.file)}`);
    const { directory, refusal } = await findOnPath(environment, tool, cache.root);
    if (directory !== undefined) return { found: { name, directory, source: "PATH", from: `PATH (${directory})` }, tried };
    if (tool.onPath !== undefined) tried.push(`PATH: ${refusal ?? `no ${tool.file}`}`);
    if (tool.deliveredWith !== undefined) {
      const other = await this.find(tool.deliveredWith).catch(() => undefined);
      if (other !== undefined && existsSync(join(other.directory, tool.file)))
        return { found: { ...other, name, from: `comes with ${tool.deliveredWith}` }, tried };
    }
    return { found: this.cached(name), tried };
  }

  private cached(name: ToolName): FoundTool | undefined {
    const entry = this.settings.cache.find(name, this.settings.tools[name]);
    return entry && { name, directory: entry.directory, source: "cache", from: `cache (${entry.origin.way})` };
  }

  /** Downloads or builds the tool by the first way that works. */
  private async obtain(name: ToolName, looked: readonly string[]): Promise<FoundTool> {
    const { tools, cache, checkOnly, retry, progress } = this.settings;
    const tool = tools[name];
    const failed: string[] = [];
    const install: string[] = [];
    // While a stand-in is used, the vendor is not asked on every run.
    const recent = retry || !tool.ways.some((way) => way.inPlace !== undefined) ? undefined : cache.recentAttempt(name, tool);
    for (const way of tool.ways) {
      if (way.inPlace !== undefined) {
        if (failed.length > 0) cache.rememberAttempt(name, tool, failed.join("; "));
        return this.inPlace(name, way, recent);
      }
      if (checkOnly || recent !== undefined) continue;
      try {
        return await this.make(name, way);
      } catch (error) {
        const reason = thrownMessage(error);
        failed.push(`${way.name}: ${reason}`);
        if (error instanceof ChecksumMismatch) break;
        if (error instanceof MissingProgram) install.push(error.install);
        progress({ tool: name, state: "skipped", way: way.name, reason });
      }
    }
    if (checkOnly) failed.push("no other source was tried: this run only looks");
    throw new NotFound(name, [...looked, `cache: not in ${cache.root}`, ...failed], install);
  }

  private inPlace(name: ToolName, way: Way, recent: string | undefined): FoundTool {
    const from = recent === undefined ? way.name : `${way.name} (${recent})`;
    return { name, directory: way.inPlace?.() ?? "", source: "project", from };
  }

  private async make(name: ToolName, way: Way): Promise<FoundTool> {
    const { tools, environment, cache, network, vendors, platform, progress } = this.settings;
    const tool = tools[name];
    const work = async (): Promise<FoundTool> => {
      // Another process may have made the entry while this process waited for the lock.
      const cached = this.cached(name);
      if (cached !== undefined) return cached;
      const start = Date.now();
      const { entry, scratch, remove } = cache.stage(name, tool);
      try {
        progress({ tool: name, state: "started", way: way.name, minutes: way.minutes });
        const need = async (other: ToolName): Promise<string> => join((await this.find(other)).directory, tools[other].file);
        await way.obtain?.({ name, tool, entry, scratch, platform, environment, vendors, network, need });
        if (!isUsable(join(entry, tool.file))) throw new Unavailable(`it produced no executable ${tool.file}`);
        const origin = {
          way: way.name,
          recipe: way.recipe?.() ?? "",
          seconds: Math.round((Date.now() - start) / 100) / 10,
          made: new Date(start).toISOString(),
        };
        return { name, directory: cache.publish(name, tool, entry, origin), source: "new", from: way.name };
      } finally {
        remove();
      }
    };
    return cache.exclusively(name, tool, work, (holder) => {
      progress({ tool: name, state: "waiting", holder });
    });
  }
}

/** Directories of executables to put before PATH: the directories of the tools that were not found on PATH itself. */
export function pathOf(found: readonly FoundTool[], tools: Readonly<Record<ToolName, Tool>>): string[] {
  const programs = found.filter(({ source, name }) => source !== "PATH" && name !== "openshift-definitions" && name !== "moto");
  return [...new Set(programs.map(({ directory, name }) => dirname(join(directory, tools[name].file))))];
}

function memoized<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
