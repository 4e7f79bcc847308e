import { randomUUID } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { withLock } from "./lock";
import type { Platform, Tool, ToolName } from "./tool";

/** How a cache entry was made. It is written before the entry is published; a directory without this file is not an entry. */
export interface CacheEntryOrigin {
  readonly way: string;
  readonly recipe: string;
  readonly seconds: number;
  readonly made: string;
}

/** A failed attempt to replace a stand-in by the vendor's tool. It is remembered so that not every run tries to connect again. */
interface Attempt {
  readonly at: string;
  readonly reason: string;
}

const ORIGIN_FILE = "origin.json";
const ATTEMPT_HOURS = 24;

/** This computer's cache of tools, outside any checkout. A rename publishes each entry, so that it appears complete or not at all. */
export class Cache {
  constructor(
    readonly root: string,
    private readonly platform: Platform,
  ) {}

  /** `$XDG_CACHE_HOME/okd-aws/toolchain`, by default under `~/.cache`. */
  static defaultRoot(environment: NodeJS.ProcessEnv): string {
    return join(environment.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "okd-aws", "toolchain");
  }

  /** The entry of a tool in its pinned version, if one of its current ways made it with the way's current recipe. */
  find(name: ToolName, tool: Tool): { readonly directory: string; readonly origin: CacheEntryOrigin } | undefined {
    const directory = join(this.root, this.keyOf(name, tool));
    if (!isUsable(join(directory, tool.file))) return undefined;
    const origin = readJson(join(directory, ORIGIN_FILE)) as CacheEntryOrigin | undefined;
    const way = tool.ways.find((candidate) => candidate.name === origin?.way);
    if (origin === undefined || way === undefined || (way.recipe?.() ?? "") !== origin.recipe) return undefined;
    return (way.stillWorks?.(directory) ?? true) ? { directory, origin } : undefined;
  }

  /** Runs `work` for a tool while no other process does. */
  async exclusively<T>(name: ToolName, tool: Tool, work: () => Promise<T>, onWait: (holder: number) => void): Promise<T> {
    mkdirSync(this.root, { recursive: true });
    return withLock(join(this.root, `.${this.keyOf(name, tool)}.lock`), work, onWait);
  }

  /**
   * Creates a directory for a new entry, on the same file system as the cache. Removes the files that a killed run left for the same tool. Call it only within
   * `exclusively`.
   */
  stage(name: ToolName, tool: Tool): { readonly entry: string; readonly scratch: string; readonly remove: () => void } {
    const prefix = `.${this.keyOf(name, tool)}.stage-`;
    for (const left of readdirSync(this.root).filter((file) => file.startsWith(prefix))) removeTree(join(this.root, left));
    const stage = join(this.root, `${prefix}${randomUUID()}`);
    const [entry, scratch] = [join(stage, "entry"), join(stage, "scratch")];
    mkdirSync(entry, { recursive: true });
    mkdirSync(scratch);
    return {
      entry,
      scratch,
      remove: () => {
        removeTree(stage);
      },
    };
  }

  /** Publishes a staged entry as the tool's entry in one step. Returns its directory. */
  publish(name: ToolName, tool: Tool, entry: string, origin: CacheEntryOrigin): string {
    writeFileSync(join(entry, ORIGIN_FILE), `${JSON.stringify(origin, undefined, 2)}\n`);
    const final = join(this.root, this.keyOf(name, tool));
    const old = join(entry, "..", "old");
    if (existsSync(final)) renameSync(final, old);
    renameSync(entry, final);
    rmSync(this.attemptFile(name, tool), { force: true });
    return final;
  }

  /** Remembers that only a stand-in was available. */
  rememberAttempt(name: ToolName, tool: Tool, reason: string): void {
    mkdirSync(this.root, { recursive: true });
    const attempt: Attempt = { at: new Date().toISOString(), reason };
    writeFileSync(this.attemptFile(name, tool), JSON.stringify(attempt));
  }

  /** The reason why only a stand-in was available at the last attempt, if that was less than 24 hours ago. */
  recentAttempt(name: ToolName, tool: Tool): string | undefined {
    const attempt = readJson(this.attemptFile(name, tool)) as Attempt | undefined;
    return attempt !== undefined && Date.now() - Date.parse(attempt.at) < ATTEMPT_HOURS * 3_600_000 ? attempt.reason : undefined;
  }

  private attemptFile(name: ToolName, tool: Tool): string {
    return join(this.root, `.${this.keyOf(name, tool)}.attempt.json`);
  }

  /** The key contains the platform, because computers of several kinds may share a home directory. */
  private keyOf(name: ToolName, tool: Tool): string {
    return `${name}-${tool.version}-${this.platform.os}-${this.platform.arch}`;
  }
}

/** Removes a directory, even if directories inside it are write-protected, as those of Go modules are. */
function removeTree(directory: string): void {
  const unlock = (path: string): void => {
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (status?.isDirectory() !== true) return;
    if ((status.mode & 0o700) !== 0o700) chmodSync(path, 0o700);
    for (const child of readdirSync(path)) unlock(join(path, child));
  };
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {
    unlock(directory);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Whether a path is an executable file or a directory. */
export function isUsable(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status !== undefined && (status.isDirectory() || (status.isFile() && (status.mode & 0o111) !== 0));
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
