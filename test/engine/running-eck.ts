import { isDeepStrictEqual } from "node:util";
import type { Api, KubeObject } from "@okd-aws/sandbox/cluster/api-server";
import { EckStandIn } from "@okd-aws/sandbox/cluster/eck-stand-in";
import type { PlatformProject } from "./platform-project";
import { standInApi, StandInLoop } from "./stand-in-loop";

/** Nodes on which the DaemonSets run. */
const NODES = 4;

/** Milliseconds for which the old pods of a changed workload run and are ready, longer than a pause of the wait for health. */
const ROLLOUT_MS = 4000;

interface Workload extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly observedGeneration?: number };
}

/**
 * Runs the stand-in for ECK on the API server of a `PlatformProject`. No controller runs the pods there, so this class reports the workloads of
 * ECK as running. After a change the old pods run first.
 */
export class RunningEck {
  private readonly api: Api;
  private readonly standIn: EckStandIn;
  /** By workload and generation: the time at which this class first saw it. */
  private readonly seen = new Map<string, number>();
  private readonly loop: StandInLoop;

  private constructor(project: PlatformProject) {
    this.api = standInApi(project);
    this.standIn = new EckStandIn(this.api);
    this.loop = new StandInLoop(this.api, "the stand-in for ECK", () => this.step());
  }

  static start(project: PlatformProject): RunningEck {
    return new RunningEck(project);
  }

  /** @throws the first error of the stand-in that is not a conflict */
  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async step(): Promise<void> {
    await this.standIn.advance();
    for (const plural of ["statefulsets", "deployments", "daemonsets"]) {
      const all = await this.api.list<Workload>(
        `/apis/apps/v1/namespaces/elastic-logging/${plural}?labelSelector=common.k8s.elastic.co/type`,
      );
      for (const { metadata, spec, status } of all) {
        const key = `${metadata.uid ?? ""} ${String(metadata.generation)}`;
        const since = this.seen.get(key) ?? (status?.observedGeneration === undefined ? 0 : Date.now());
        this.seen.set(key, since);
        const isNew = Date.now() - since >= ROLLOUT_MS;
        const next = { observedGeneration: metadata.generation, ...running(plural, spec.replicas ?? 1, isNew) };
        if (isDeepStrictEqual({ ...status, ...next }, status)) continue;
        await this.api.patchStatus(`/apis/apps/v1/namespaces/elastic-logging/${plural}/${metadata.name ?? ""}`, next);
      }
    }
  }
}

/** The status of a workload whose pods are all ready. Without `isNew` the pods are from before the last change. */
function running(plural: string, replicas: number, isNew: boolean): object {
  if (plural === "daemonsets")
    return {
      currentNumberScheduled: NODES,
      desiredNumberScheduled: NODES,
      numberMisscheduled: 0,
      numberReady: NODES,
      numberAvailable: NODES,
      updatedNumberScheduled: isNew ? NODES : 0,
    };
  const pods = { replicas, readyReplicas: replicas, availableReplicas: replicas, updatedReplicas: isNew ? replicas : 0 };
  return plural === "statefulsets" ? pods : { ...pods, conditions: [{ type: "Available", status: "True" }] };
}
