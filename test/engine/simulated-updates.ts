import { setTimeout as sleep } from "node:timers/promises";
import { Api } from "@okd-aws/sandbox/cluster/api-server";
import { type SimulatedClusterVersion, clusterVersionPath, type KnownRelease, ReleaseOperators } from "@okd-aws/sandbox/cluster/updates";
import type { PlatformProject } from "./platform-project";

/** Milliseconds between two rounds of the operators. */
const pause = 200;

/** Maximum seconds for an update of the simulated cluster. */
const longest = 60;

/** Runs the sandbox's cluster version operator and cloud credential operator on the API server of a `PlatformProject`. */
export class SimulatedUpdates {
  readonly log: string[] = [];
  private stopped = false;
  private readonly running: Promise<void>;

  /** @param releases releases that the update service and the registries offer; the first one is installed */
  constructor(
    private readonly project: PlatformProject,
    private readonly releases: readonly KnownRelease[],
  ) {
    this.running = this.run();
  }

  /** Waits until the cluster has completed an update. */
  async completed(version: string): Promise<void> {
    for (const deadline = Date.now() + longest * 1000; ;) {
      const { history = [] } = (await this.clusterVersion()).status ?? {};
      if (history[0]?.version === version && history[0].state === "Completed") return;
      if (Date.now() > deadline)
        throw new Error(`the cluster has not completed ${version}: ${JSON.stringify(history)}\n${this.log.join("\n")}`);
      await sleep(pause);
    }
  }

  async clusterVersion(): Promise<SimulatedClusterVersion> {
    return (await this.project.api.must("GET", clusterVersionPath)) as unknown as SimulatedClusterVersion;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    const [installed] = this.releases;
    const say = (text: string) => this.log.push(text);
    const api = new Api(this.project.api.port, "api.demo.okd.example.com", this.project.api.administrator);
    const operators = new ReleaseOperators(api, { installed, releases: () => this.releases, say });
    while (!this.stopped) {
      await operators.advance({}).catch((error: unknown) => say(String(error)));
      await sleep(pause);
    }
    api.close();
  }
}
