import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { StandingStack } from "../engine/standing-stack";
import { type StackConfiguration, Topology } from "../engine/topology";
import { region } from "./account";

const run = promisify(execFile);

/** An object of Kubernetes, as far as all are alike. */
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

/** What every cluster here has: a release by its digest, as a mirror wants it, and two zones. */
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

/** A whole cluster in a sandbox of its own. */
export class InstalledCluster {
  private standing?: StandingStack;

  private constructor(
    readonly topology: Topology,
    private configuration: StackConfiguration,
  ) {}

  /** An account with nothing in it yet but what the caller puts there. */
  static async open(name: string, configuration: StackConfiguration): Promise<InstalledCluster> {
    return new InstalledCluster(await Topology.open(name, { machines: true }), { ...common, ...configuration });
  }

  /** Configures it so, from its next update on; a key that is undefined is taken away. */
  set(keys: StackConfiguration): void {
    const all = Object.entries({ ...this.configuration, ...keys });
    this.configuration = Object.fromEntries(all.filter(([, value]) => value !== undefined));
  }

  /** From nothing to installed, without the declarations of the retired bootstrap machine. */
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

  /** Tries to bring it up with some keys changed for this once. */
  async attempt(keys: StackConfiguration): Promise<{ readonly code: number; readonly output: string }> {
    await this.topology.configure({ ...this.configuration, ...keys });
    const { code, stdout, stderr } = await this.topology.run(["up", "--yes", "--skip-preview", "--suppress-progress"]);
    return { code, output: stdout + stderr };
  }

  /** Makes it another one, by some keys. */
  async change(keys: StackConfiguration): Promise<void> {
    this.set(keys);
    await this.topology.configure(this.configuration);
    await this.topology.up();
  }

  get stack(): StandingStack {
    if (this.standing === undefined) throw new Error("the cluster was not installed");
    return this.standing;
  }

  /** Its objects. */
  async objects<T = Named>(...what: readonly string[]): Promise<T[]> {
    const { stdout } = await run("kubectl", ["--kubeconfig", this.kubeconfig, "get", ...what, "--output", "json"], {
      env: this.topology.sandbox.processEnvironment,
      maxBuffer: 64 * 1024 * 1024,
    });
    return (JSON.parse(stdout) as { items: T[] }).items;
  }

  /** Names of its mirror sets by digest, and each mirror with what is done when it hasn't the image. */
  async digestMirrors(): Promise<{ readonly sets: string[]; readonly mirrors: string[] }> {
    const sets = await this.objects<MirrorSet>("imagedigestmirrorsets");
    const entries = sets.flatMap(({ spec }) => spec.imageDigestMirrors);
    const mirrors = new Set(entries.map(({ mirrors: places, mirrorSourcePolicy }) => `${places.join()} ${mirrorSourcePolicy ?? ""}`));
    return { sets: sets.map(({ metadata }) => metadata.name).sort(), mirrors: [...mirrors].sort() };
  }

  /** Whether its cluster version operator says that it is available. */
  async isAvailable(): Promise<boolean> {
    interface Version {
      readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
    }
    const [version] = await this.objects<Version>("clusterversions");
    return version.status.conditions.some(({ type, status }) => type === "Available" && status === "True");
  }

  /** What each machine has reached, and why one hangs, as the simulator says it. */
  machines(): string {
    return readFileSync(join(this.topology.sandbox.directory, "cluster", "status.json"), "utf8");
  }

  private get kubeconfig(): string {
    return join(this.topology.sandbox.directory, "kubeconfig");
  }
}
