import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { copyTree } from "../copy-tree";
import { MissingProgram, thrownMessage, Unavailable } from "../errors";
import { run } from "../run";
import type { Way, WayContext } from "../tool";

export const GO_WAY = "Go modules";
const INSTALL = "Go 1.26 or newer (https://go.dev/dl; a Go from 1.21 on fetches it by itself)";

/** One program of a Go module. */
export interface GoProgram {
  readonly output: string;
  /** Directory under `sandbox/toolchain/go/`. @default the directory of the build */
  readonly module?: string;
  /** The main package: of the module itself, or of a module that it requires. */
  readonly package: string;
  /** Values of variables that the linker sets, by `package.Variable`: mostly the version, which otherwise only the vendor's build sets. */
  readonly values?: Readonly<Record<string, string>>;
}

export interface GoBuild {
  /** Directory under `sandbox/toolchain/go/`: a go.mod and go.sum that pin every source. */
  readonly module: string;
  readonly programs: readonly GoProgram[];
  /** Minutes on two cores with an empty download cache. Shown to the user who waits. */
  readonly minutes: number;
  readonly sources?: GeneratedSources;
  /** Adds further files to the entry. */
  readonly finish?: (build: PreparedBuild) => Promise<void>;
}

/** Sources that are generated before the build. */
export interface GeneratedSources {
  /** The inputs of the sources, apart from the module's own files. */
  readonly pins: readonly string[];
  readonly make: (build: PreparedBuild) => Promise<void>;
}

export interface PreparedBuild {
  readonly context: WayContext;
  /** Runs the go command in a writable copy of the module. */
  readonly go: (...args: string[]) => Promise<string>;
  /** The copy's directory. */
  readonly directory: string;
}

/** Builds a tool from Go modules alone, for networks that reach a module proxy but not the vendor's download host. */
export function goBuild(build: GoBuild): Way {
  const modules = [...new Set([build.module, ...build.programs.map((program) => program.module ?? build.module)])];
  return {
    name: GO_WAY,
    minutes: build.minutes,
    recipe: () => buildDigest(modules, JSON.stringify([build.programs, build.sources?.pins])),
    obtain: async (context) => {
      const main = await copyModule(build.module, context);
      await build.sources?.make(main);
      for (const program of build.programs) {
        const values = Object.entries(program.values ?? {}).map(([name, value]) => `-X ${name}=${value}`);
        const flags = ["-s", "-w", ...values].join(" ");
        const { go } = program.module === undefined ? main : await copyModule(program.module, context);
        await go("build", "-ldflags", flags, "-o", join(context.entry, program.output), program.package);
      }
      await build.finish?.(main);
    },
  };
}

/** The write-protected directory in which Go keeps a required module. */
export async function moduleDirectory({ go }: PreparedBuild, module: string): Promise<string> {
  const { Dir, Error: reason } = JSON.parse(await go("mod", "download", "-json", module)) as { Dir?: string; Error?: string };
  if (Dir === undefined) throw new Unavailable(`the Go module ${module} can't be downloaded: ${reason ?? "unknown reason"}`);
  return Dir;
}

/** Copies a module's files, because Go may complete go.mod and go.sum while it works, and must not change the project's own files. */
export async function copyModule(module: string, context: WayContext): Promise<PreparedBuild> {
  const directory = join(context.scratch, module);
  await copyTree(sourceOf(module), directory);
  // With the user's own workspace or flags, Go could build other sources than the pinned sources.
  const environment = { ...context.environment, GOFLAGS: "-mod=mod -trimpath -buildvcs=false", GOWORK: "off" };
  const go = (...args: string[]): Promise<string> => run("go", args, { cwd: directory, environment, install: INSTALL });
  try {
    await go("version"); // This fails if the installed Go is older than go.mod requires and may not download the required version.
  } catch (error) {
    throw error instanceof MissingProgram ? error : new MissingProgram(thrownMessage(error), INSTALL);
  }
  return { context, directory, go };
}

function sourceOf(module: string): string {
  return join(__dirname, "..", "go", module);
}

/** A digest of everything that pins a build: the modules' files in this project, and `more`. */
export function buildDigest(modules: readonly string[], more = ""): string {
  const sum = createHash("sha256").update(more);
  for (const module of modules) {
    const files = readdirSync(sourceOf(module), { recursive: true, encoding: "utf8" }).sort();
    for (const file of files.filter((name) => statSync(join(sourceOf(module), name)).isFile()))
      sum.update(`${file}\0`).update(readFileSync(join(sourceOf(module), file)));
  }
  return sum.digest("hex");
}
