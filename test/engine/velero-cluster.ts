/** A simulated cluster with Velero, as the tests use it. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectDirectory } from "@okd-aws/sandbox";
import type { Topology } from "./topology";

const run = promisify(execFile);

/** An object of the cluster. */
export interface VeleroObject {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
  readonly status?: {
    readonly phase?: string;
    readonly message?: string;
    readonly expiration?: string;
    readonly startTimestamp?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

/** The result of a command. */
export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The content of a namespace with an application. */
export const shopObjects: readonly object[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels: { team: "shop" } } },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "prices", namespace: "shop" }, data: { apple: "3" } },
  { apiVersion: "v1", kind: "Secret", metadata: { name: "database", namespace: "shop" }, stringData: { password: "correct horse" } },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "registry.example.com/web:1" }] } },
    },
  },
];

export class VeleroCluster {
  constructor(
    private readonly topology: Topology,
    /** Velero's namespace. */
    private readonly namespace: string,
  ) {}

  get kubeconfig(): string {
    return join(this.topology.sandbox.directory, `kubeconfig-${this.topology.name}`);
  }

  /** Writes the kubeconfig of the stack, and returns its other outputs. */
  async connect(): Promise<Record<string, unknown>> {
    const outputs = await this.topology.outputs();
    writeFileSync(this.kubeconfig, String(outputs.kubeconfig), { mode: 0o600 });
    return outputs;
  }

  async kubectl(...args: readonly string[]): Promise<string> {
    const env = { ...this.topology.sandbox.processEnvironment, KUBECONFIG: this.kubeconfig };
    return (await run("kubectl", [...args], { env, maxBuffer: 64 * 1024 * 1024 })).stdout;
  }

  /** All objects of a kind in Velero's namespace. */
  async list(kind: string): Promise<readonly VeleroObject[]> {
    const text = await this.kubectl("get", kind, "--namespace", this.namespace, "--output", "json");
    return (JSON.parse(text) as { items: VeleroObject[] }).items;
  }

  async get(...args: readonly string[]): Promise<VeleroObject> {
    return JSON.parse(await this.kubectl("get", ...args, "--output", "json")) as VeleroObject;
  }

  async apply(...objects: readonly object[]): Promise<void> {
    const file = join(this.topology.sandbox.directory, "objects.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
    await this.kubectl("apply", "--server-side", "--filename", file);
  }

  /** The backups of a schedule. */
  async backupsOf(schedule: string): Promise<readonly VeleroObject[]> {
    return (await this.list("backups.velero.io")).filter(({ metadata }) => metadata.labels?.["velero.io/schedule-name"] === schedule);
  }

  /** Runs the tool as make does. */
  async restoreResources(...args: readonly string[]): Promise<ToolResult> {
    const tool = join(projectDirectory, "tools", "restore-resources", "cli.ts");
    const options = { cwd: this.topology.sandbox.directory, env: this.topology.sandbox.processEnvironment };
    const all = ["--require", require.resolve("tsx/cjs"), tool, "--stack", this.topology.name, ...args];
    return run(process.execPath, all, options).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: unknown) => error as ToolResult,
    );
  }

  /** The part of the shop's content that a restore must bring back. */
  async content(namespace = "shop"): Promise<object> {
    return {
      prices: (await this.get("configmap", "prices", "--namespace", namespace)).data,
      password: (await this.get("secret", "database", "--namespace", namespace)).data,
      replicas: (await this.get("deployment", "web", "--namespace", namespace)).spec?.replicas,
      labels: (await this.get("namespace", namespace)).metadata.labels?.team,
    };
  }
}
