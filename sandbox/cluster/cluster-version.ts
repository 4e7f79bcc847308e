import type { Api, KubeObject } from "./api";
import { condition, operatorNames } from "./operators";
import { kubeTime } from "./kube-time";

const path = "/apis/config.openshift.io/v1/clusterversions/version";

interface ClusterVersion extends KubeObject {
  status?: {
    history?: { state: string; startedTime: string; completionTime: string | null; version: string; image: string; verified: boolean }[];
    conditions?: Parameters<typeof condition>[0][number][];
  };
}

/** Plays the cluster version operator: how far the release is rolled out. Says whether it is, wholly. */
export class VersionStatus {
  private reported?: string;

  constructor(
    private readonly api: Api,
    private readonly release: { readonly version: string; readonly image: string },
  ) {}

  async report(waiting: readonly string[]): Promise<void> {
    const text = waiting.join(", ");
    if (this.reported === text) return;
    const { version, image } = this.release;
    const done = waiting.length === 0;
    const current = await this.api.get<ClusterVersion>(path);
    if (current === undefined) throw new Error("the cluster has no ClusterVersion: no manifest has made it");
    const before = current.status?.conditions ?? [];
    const now = kubeTime();
    const completed = operatorNames.length - waiting.length;
    const percent = Math.floor((100 * completed) / operatorNames.length);
    const applying = `Working towards ${version}: ${completed} of ${operatorNames.length} done (${percent}% complete), waiting on ${text}`;
    const message = done ? `Cluster version is ${version}` : applying;
    const history = current.status?.history?.[0];
    const status = {
      desired: { version, image },
      observedGeneration: 1,
      versionHash: "simulated",
      availableUpdates: null,
      history: [
        {
          state: done ? "Completed" : "Partial",
          startedTime: history?.startedTime ?? now,
          completionTime: done ? (history?.completionTime ?? now) : null,
          version,
          image,
          verified: false,
        },
      ],
      conditions: [
        condition(before, "Available", done ? "True" : "False", "", done ? `Done applying ${version}` : ""),
        condition(before, "Failing", "False", "", ""),
        condition(before, "Progressing", done ? "False" : "True", "", message),
        condition(before, "RetrievedUpdates", "False", "NoChannel", "The sandbox has no update service"),
      ],
    };
    // Not as a patch, in which the nulls that the definition asks for would stand for "remove".
    await this.api.send("PUT", `${path}/status`, { ...current, status });
    this.reported = text;
  }
}
