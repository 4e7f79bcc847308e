import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { StandingStack } from "../engine/standing-stack";
import { type StackConfiguration, Topology } from "../engine/topology";
import { region } from "../region";

const run = promisify(execFile);

/** The fields of a Kubernetes object that all kinds have. */
export interface Named {
  readonly metadata: { readonly name: string };
}

interface MirrorSet extends Named {
  readonly spec: {
    readonly imageDigestMirrors: readonly {
      readonly source: string;
      readonly mirrors: readonly string[];
      readonly mirrorSourcePolicy?: string;
    }[];
  };
}

/** Settings of every cluster of this class: the digest of the release image, which a mirror requires, and two zones. */
const common: StackConfiguration = {
  "aws:region": region,
  release: "4.19.0-okd-scos.1",
  releaseImage: `quay.io/okd/scos-release@sha256:${"0123456789abcdef".repeat(4)}`,
  zones: ["us-east-1a", "us-east-1b"],
  masterCount: 3,
  protectMasters: false,
  executor: "local",
  bootstrapTimeout: 8,
  installTimeout: 8,
};

/** A cluster in its own sandbox, from the installation to the destroy. */
export class InstalledCluster {
  private standing?: StandingStack;

  private constructor(
    readonly topology: Topology,
    private configuration: StackConfiguration,
  ) {}

  /** Opens a sandbox with an empty account, to which the caller can add resources. */
  static async open(name: string, configuration: StackConfiguration): Promise<InstalledCluster> {
    return new InstalledCluster(await Topology.open(name, { machines: true }), { ...common, ...configuration });
  }

  /** Changes the configuration from the next update on; an undefined key is removed. */
  set(keys: StackConfiguration): void {
    const all = Object.entries({ ...this.configuration, ...keys });
    this.configuration = Object.fromEntries(all.filter(([, value]) => value !== undefined));
  }

  /** Installs the cluster, and removes the declarations of the destroyed bootstrap instance. */
  async install(): Promise<void> {
    const { topology } = this;
    await topology.configure(this.configuration);
    const before = await topology.inventory();
    await topology.up();
    await topology.up();
    const { infraId, kubeconfig } = await topology.outputs();
    writeFileSync(this.kubeconfig, String(kubeconfig), { mode: 0o600 });
    this.standing = new StandingStack(topology, String(infraId), before, await topology.inventory());
  }

  /** Runs one update with some keys changed for this update only. */
  async attempt(keys: StackConfiguration): Promise<{ readonly code: number; readonly output: string }> {
    await this.topology.configure({ ...this.configuration, ...keys });
    const { code, stdout, stderr } = await this.topology.run(["up", "--yes", "--skip-preview", "--suppress-progress"]);
    return { code, output: stdout + stderr };
  }

  /** Changes the configuration and updates the cluster. */
  async change(keys: StackConfiguration): Promise<void> {
    this.set(keys);
    await this.topology.configure(this.configuration);
    await this.topology.up();
  }

  get stack(): StandingStack {
    if (this.standing === undefined) throw new Error("the cluster was not installed");
    return this.standing;
  }

  /** The cluster's objects. */
  async objects<T = Named>(...what: readonly string[]): Promise<T[]> {
    const { stdout } = await run("kubectl", ["--kubeconfig", this.kubeconfig, "get", ...what, "--output", "json"], {
      env: this.topology.sandbox.processEnvironment,
      maxBuffer: 64 * 1024 * 1024,
    });
    return (JSON.parse(stdout) as { items: T[] }).items;
  }

  /** The names of the ImageDigestMirrorSets, and their mirrors. Each mirror is followed by its policy for images that the mirror does not have. */
  async digestMirrors(): Promise<{ readonly sets: string[]; readonly mirrors: string[] }> {
    const sets = await this.objects<MirrorSet>("imagedigestmirrorsets");
    const entries = sets.flatMap(({ spec }) => spec.imageDigestMirrors);
    const mirrors = new Set(entries.map(({ mirrors: places, mirrorSourcePolicy }) => `${places.join()} ${mirrorSourcePolicy ?? ""}`));
    return { sets: sets.map(({ metadata }) => metadata.name).sort(), mirrors: [...mirrors].sort() };
  }

  /** Whether the cluster version operator reports that the cluster is available. */
  async isAvailable(): Promise<boolean> {
    interface Version {
      readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
    }
    const [version] = await this.objects<Version>("clusterversions");
    return version.status.conditions.some(({ type, status }) => type === "Available" && status === "True");
  }

  /** The simulator's report: the progress of each instance, and why one hangs. */
  machines(): string {
    return readFileSync(join(this.topology.sandbox.directory, "cluster", "status.json"), "utf8");
  }

  private get kubeconfig(): string {
    return join(this.topology.sandbox.directory, "kubeconfig");
  }
}
