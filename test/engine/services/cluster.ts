import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { StandingStack } from "../standing-stack";
import { type StackConfiguration, Topology } from "../topology";

const run = promisify(execFile);

/** A cluster whose services the tests of this folder change. Each group of tests sets its own keys and removes them at its end. */
export class TestedCluster {
  private installed: StandingStack | undefined;
  /** The keys of the cluster, without those of its services. */
  private keys: StackConfiguration = {};
  private secrets: Readonly<Record<string, string>> = {};

  private constructor(readonly topology: Topology) {}

  static async open(name: string): Promise<TestedCluster> {
    return new TestedCluster(await Topology.open(name, { machines: true }));
  }

  /** Installs the cluster, with the services of `services`. */
  async install(keys: StackConfiguration, secrets: Readonly<Record<string, string>>, services: StackConfiguration): Promise<void> {
    this.keys = keys;
    this.secrets = secrets;
    const { topology } = this;
    const before = await topology.inventory();
    await this.configure(services);
    await topology.up();
    const { infraId, kubeconfig } = await topology.outputs();
    writeFileSync(topology.sandbox.kubeconfig, String(kubeconfig), { mode: 0o600 });
    this.installed = new StandingStack(topology, String(infraId), before, await topology.inventory());
  }

  /** The stack with its resources directly after the installation. */
  get stack(): StandingStack {
    if (this.installed === undefined) throw new Error("the cluster is not installed");
    return this.installed;
  }

  /** Sets the keys of services; those of the cluster stay. */
  async configure(services: StackConfiguration): Promise<void> {
    await this.topology.configure({ ...this.keys, ...services }, this.secrets);
  }

  async kubectl(...args: readonly string[]): Promise<string> {
    const options = { env: this.topology.sandbox.processEnvironment, maxBuffer: 64 * 1024 * 1024 };
    return (await run("kubectl", [...args], options)).stdout;
  }

  async get<T = Record<string, unknown>>(...args: readonly string[]): Promise<T> {
    return JSON.parse(await this.kubectl("get", ...args, "--output", "json")) as T;
  }

  async apply(...objects: readonly object[]): Promise<void> {
    const file = join(this.topology.sandbox.directory, "objects.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
    await this.kubectl("apply", "--server-side", "--filename", file);
  }
}
