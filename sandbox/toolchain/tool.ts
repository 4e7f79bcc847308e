import type { Downloader } from "./network";
import type { Vendors } from "./vendors";

/** All tools that the sandbox needs. `table.ts` has their sources, `versions.ts` their versions. */
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
  "kube-scheduler",
  "kubectl",
  "etcd",
  "etcdctl",
  "etcdutl",
  "kwok",
  "aws-cloud-controller-manager",
  "prometheus-operator-admission-webhook",
  "promtool",
  "amtool",
  "alertmanager",
  "velero",
  "velero-plugin-for-aws",
  "velero-definitions",
  "elastic-definitions",
  "opensearch",
  "registry",
  "ignition-validate",
  "actionlint",
  "moto",
] as const;

/** The tools of a real node, on which a real kubelet runs containers in a simulated cluster. */
export const NODE_TOOL_NAMES = ["kubelet", "containerd", "dnsmasq", "pause", "example-web-root", "example-database-root"] as const;

/** Tools that the sandbox uses if it can get them: they serve the pages of applications in simulated clusters. */
export const OPTIONAL_TOOL_NAMES = ["php", "postgres", ...NODE_TOOL_NAMES] as const;

export type ToolName = (typeof TOOL_NAMES)[number] | (typeof OPTIONAL_TOOL_NAMES)[number];

export interface Tool {
  /** The pinned version. It is part of the cache's key, so that a changed pin leads to a new entry. */
  readonly version: string;
  /** The file or directory that `tools` points at, relative to the directory that holds the tool. */
  readonly file: string;
  /** The directory inside `$OKD_TOOLCHAIN` that holds the tool. @default `$OKD_TOOLCHAIN` itself */
  readonly givenIn?: string;
  /** How the version of a tool on PATH is checked. If undefined, the tool is not looked for on PATH. */
  readonly onPath?: PathRule;
  /**
   * The other tool with which this tool is delivered, in the same directory. This tool works only with the other tool,
   * and is taken from the other tool's directory if it is present there.
   */
  readonly deliveredWith?: ToolName;
  /** The ways to get a tool that is not present, best first. */
  readonly ways: readonly Way[];
}

export interface PathRule {
  /** Arguments that make the tool print its version. */
  readonly arguments: readonly string[];
  readonly accepts: (version: string) => boolean;
  /** The accepted versions, shown to the user. */
  readonly accepted: string;
}

/** One way to get a tool. */
export interface Way {
  /** Shown to the user: "built from Go modules". */
  readonly name: string;
  /** Minutes that the way takes on two cores with an empty download cache. Shown to the user who waits. */
  readonly minutes?: number;
  /** The inputs of the result, apart from the tool's version: a cached result of a different recipe is not used. */
  readonly recipe?: () => string;
  /** Whether a cached result still works on this computer. @default it does */
  readonly stillWorks?: (directory: string) => boolean;
  /** A directory of this project that is used unchanged: a stand-in. It is not cached, and the better ways are tried again a day later. */
  readonly inPlace?: () => string;
  /** Puts the tool into `context.entry`. @throws Unavailable if this way does not work; ChecksumMismatch if no other way may be tried. */
  readonly obtain?: (context: WayContext) => Promise<void>;
}

export interface WayContext {
  readonly name: ToolName;
  readonly tool: Tool;
  /** A directory that becomes the cache's entry if the way succeeds. */
  readonly entry: string;
  /** A scratch directory on the file system of `entry`, so that files can be moved; removed when the way has ended. */
  readonly scratch: string;
  readonly platform: Platform;
  /** The environment of the programs that the way runs. */
  readonly environment: NodeJS.ProcessEnv;
  readonly vendors: Vendors;
  readonly network: Downloader;
  /** The path of another tool, which is downloaded or built first if it is missing. @throws Unavailable if that fails. */
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
