import type { Cache } from "./cache";
import type { Network } from "./network";
import type { Vendors } from "./vendors";

/** Everything the sandbox runs; `table.ts` says which version and where from. */
export const TOOL_NAMES = [
  "pulumi",
  "pulumi-language-nodejs",
  "pulumi-resource-pulumi-nodejs",
  "pulumi-resource-aws",
  "pulumi-resource-kubernetes",
  "pulumi-resource-command",
  "openshift-install",
  "openshift-definitions",
  "kube-apiserver",
  "kube-controller-manager",
  "kubectl",
  "etcd",
  "etcdctl",
  "etcdutl",
  "registry",
  "ignition-validate",
  "actionlint",
  "moto",
] as const;

export type ToolName = (typeof TOOL_NAMES)[number];

export interface Tool {
  /** The pinned version; a part of the cache's key, so that a changed pin is had anew. */
  readonly version: string;
  /** What `tools` points at, relative to the directory that holds the tool. */
  readonly file: string;
  /** The directory that holds it inside `$OKD_TOOLCHAIN`. @default `$OKD_TOOLCHAIN` itself */
  readonly givenIn?: string;
  /** How a tool that happens to be on PATH proves its version. Without this it is not looked for on PATH. */
  readonly onPath?: PathRule;
  /** Comes with another tool and fits only that one: taken from beside it where it is there. */
  readonly beside?: ToolName;
  /** Where it can be had from when nothing is there yet, best first. */
  readonly ways: readonly Way[];
}

export interface PathRule {
  /** Arguments that make the tool print its version. */
  readonly arguments: readonly string[];
  readonly accepts: (version: string) => boolean;
  /** For people: which versions are accepted. */
  readonly accepted: string;
}

/** One way to have a tool. */
export interface Way {
  /** For people: "built from Go modules". */
  readonly name: string;
  /** For people who wait: how long it takes on two cores with nothing downloaded yet. */
  readonly minutes?: number;
  /** What the result depends on besides the tool's version: a cached result of another recipe is not used. */
  readonly recipe?: () => string;
  /** Whether a cached result still works on this machine. @default it does */
  readonly stillWorks?: (directory: string) => boolean;
  /** A directory of this project that serves as it is. Nothing is cached, and it is a stand-in: better ways are tried again another day. */
  readonly inPlace?: () => string;
  /** Fills `context.entry` with the tool. @throws Unavailable where this way leads nowhere; ChecksumMismatch where nothing else may be tried. */
  readonly obtain?: (context: WayContext) => Promise<void>;
}

export interface WayContext {
  readonly name: ToolName;
  readonly tool: Tool;
  /** Becomes the cache's entry when the way succeeds. */
  readonly entry: string;
  /** Scratch space on the same file system, removed afterwards. */
  readonly scratch: string;
  readonly platform: Platform;
  /** For the programs that the way runs. */
  readonly environment: NodeJS.ProcessEnv;
  readonly vendors: Vendors;
  readonly network: Network;
  readonly cache: Cache;
  /** The path of another tool, had first where it is missing. @throws Unavailable where it can't be had. */
  readonly need: (name: ToolName) => Promise<string>;
}

/** Operating system and processor as Go names them. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
}

/** The platform of this process. */
export function thisPlatform(): Platform {
  return { os: process.platform, arch: process.arch === "x64" ? "amd64" : process.arch };
}
