import { type Api, ApiError } from "../api";
import { kubeTime } from "../kube-time";
import { type ClusterOperatorStatusCondition, condition, operatorNames, type Operators } from "../operators";
import { applyAdminGates, readAdminGates } from "./admin-gates";
import { availableUpdates } from "./available-updates";
import { type SimulatedClusterVersion, clusterVersionPath, type HistoryEntry, type ClusterVersionRelease } from "./clusterversion";
import type { KnownRelease } from "./known-releases";
import { type Load, loadPayload, type UpdateTarget } from "./payload";
import { type OperatorConditions, upgradeableConditions } from "./upgradeable";

/**
 * Milliseconds for which a computed Upgradeable condition is kept. The real operator keeps it for two minutes, and only for 15 seconds if an
 * update's preconditions failed recently (`defaultUpgradeableCheckIntervals`). Like the real operator, the stand-in notices a changed
 * acknowledgement at once.
 */
const throttle = { usual: 4000, afterFailedPreconditions: 1000 };

/** Number of operators that are updated in one tick. Real operators take an hour in total. */
const operatorsPerStep = 12;

export interface CvoOptions {
  /** The release that was installed. */
  readonly installed: ClusterVersionRelease;
  /** The releases that the update service and the registries know now. */
  readonly releases: () => readonly KnownRelease[];
  /** The release's operators, which an update moves to another version. */
  readonly operators: Pick<Operators, "update">;
  readonly say: (text: string) => void;
}

/**
 * Simulates the cluster version operator. It completes the installation of one release, and then updates the cluster to
 * each desired release that it accepts.
 */
export class ClusterVersionOperator {
  private upgradeable:
    { readonly at: number; readonly acks: string; readonly conditions: readonly ClusterOperatorStatusCondition[] } | undefined;
  /** The last written status, so that an unchanged status is not written again. */
  private written = "";
  /** The last target, as JSON, and the result of loading it; undefined while the target is being verified. */
  private load: { readonly target: string; readonly result: Load | undefined } | undefined;

  constructor(
    private readonly api: Api,
    private readonly options: CvoOptions,
  ) {}

  /** @param waiting names of the operators that are not available */
  async advance(waiting: readonly string[]): Promise<void> {
    const cluster = await this.api.get<SimulatedClusterVersion>(clusterVersionPath);
    if (cluster === undefined) throw new Error("the cluster has no ClusterVersion: no manifest created it");
    const { history = [] } = cluster.status ?? {};
    if (!history.some(({ state }) => state === "Completed")) await this.install(cluster, waiting);
    else await this.reconcile(cluster, history, waiting);
  }

  private async install(cluster: SimulatedClusterVersion, waiting: readonly string[]): Promise<void> {
    const { version, image } = this.options.installed;
    const done = waiting.length === 0;
    if (done) await applyAdminGates(this.api, version);
    const [first] = cluster.status?.history ?? [];
    const entry = historyEntry({ version, image }, done, (first as HistoryEntry | undefined)?.startedTime, false, "");
    await this.write(
      cluster,
      { version, image },
      [entry],
      [
        ...this.progress(cluster, version, done, waiting),
        condition(conditionsOf(cluster), "ReleaseAccepted", "True", "PayloadLoaded", loaded({ version, image })),
      ],
    );
  }

  private async reconcile(
    cluster: SimulatedClusterVersion,
    history: readonly HistoryEntry[],
    unavailable: readonly string[],
  ): Promise<void> {
    const current = cluster.status?.desired ?? this.options.installed;
    const target = wanted(cluster);
    const load = target === undefined || target.image === current.image ? this.forget(current) : await this.look(cluster, target);
    if (target !== undefined && load?.accepted === true && target.image !== current.image) {
      this.options.say(`the update to ${target.version} is accepted`);
      await applyAdminGates(this.api, target.version);
      const begun = historyEntry(target, false, undefined, load.verified, load.acceptedRisks);
      return this.report(cluster, target, [begun, ...history.map(ended)], load, unavailable);
    }
    if (history[0].state === "Completed") return this.report(cluster, current, history, load, unavailable);
    const waiting = await this.options.operators.update(current.version, operatorsPerStep);
    const finished = waiting.length === 0;
    if (finished) this.options.say(`the cluster was updated to ${current.version}`);
    const [entry, ...older] = history;
    const now = finished ? ({ ...entry, state: "Completed", completionTime: kubeTime() } as const) : entry;
    return this.report(cluster, current, [now, ...older], load, waiting);
  }

  /**
   * Verifies a target one tick after it was first seen, so that the condition with the reason RetrievePayload is visible before the result.
   */
  private async look(cluster: SimulatedClusterVersion, target: UpdateTarget): Promise<Load | undefined> {
    const key = JSON.stringify(target);
    if (this.load?.target !== key) {
      this.load = { target: key, result: undefined };
      return undefined;
    }
    const result = loadPayload(cluster, target, this.options.releases());
    if (result.message !== this.load.result?.message) {
      this.options.say(result.message);
      if (result.event !== undefined) await this.createEvent(result.event);
    }
    this.load = { target: key, result };
    return result;
  }

  /**
   * Creates the event of a release that could not be verified or pulled (`syncPayload` in `pkg/cvo/sync_worker.go`; client-go,
   * `tools/record/event.go`).
   */
  private async createEvent(message: string): Promise<void> {
    const namespace = "openshift-cluster-version";
    const now = kubeTime();
    await this.api.send("POST", `/api/v1/namespaces/${namespace}/events`, {
      apiVersion: "v1",
      kind: "Event",
      metadata: { generateName: "version.", namespace },
      involvedObject: { apiVersion: "config.openshift.io/v1", kind: "ClusterVersion", name: "version", namespace },
      reason: "RetrievePayloadFailed",
      message,
      type: "Warning",
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
      source: { component: namespace },
    });
  }

  /** Drops the result for an earlier target, because only the running release is desired now. */
  private forget(current: ClusterVersionRelease): Load {
    this.load = undefined;
    return { accepted: true, step: "PayloadLoaded", message: loaded(current), verified: true, acceptedRisks: "" };
  }

  private async report(
    cluster: SimulatedClusterVersion,
    desired: ClusterVersionRelease,
    history: readonly HistoryEntry[],
    load: Load | undefined,
    waiting: readonly string[],
  ): Promise<void> {
    const before = conditionsOf(cluster);
    const target = wanted(cluster);
    const accepted =
      load === undefined
        ? condition(before, "ReleaseAccepted", "Unknown", "RetrievePayload", retrieving(target ?? desired))
        : condition(before, "ReleaseAccepted", load.accepted ? "True" : "False", load.step, load.message);
    await this.write(cluster, desired, history, [
      ...this.progress(cluster, desired.version, history[0].state === "Completed", waiting),
      accepted,
      ...invalid(cluster),
      ...(await this.upgradeableNow(cluster)),
    ]);
  }

  private async upgradeableNow(cluster: SimulatedClusterVersion): Promise<readonly ClusterOperatorStatusCondition[]> {
    const { gates, acks } = await readAdminGates(this.api);
    const last = this.upgradeable;
    const failed = this.load?.result?.step === "PreconditionChecks";
    const age = Date.now() - (last?.at ?? 0);
    const isFresh = age < (failed ? throttle.afterFailedPreconditions : throttle.usual);
    if (last !== undefined && isFresh && last.acks === JSON.stringify([gates, acks])) return last.conditions;
    const operators = await this.api.list<OperatorConditions & SimulatedClusterVersion>("/apis/config.openshift.io/v1/clusteroperators");
    const conditions = upgradeableConditions({ clusterVersion: cluster, operators, gates, acks });
    this.upgradeable = { at: Date.now(), acks: JSON.stringify([gates, acks]), conditions };
    return conditions;
  }

  private progress(
    cluster: SimulatedClusterVersion,
    version: string,
    done: boolean,
    waiting: readonly string[],
  ): ClusterOperatorStatusCondition[] {
    const before = conditionsOf(cluster);
    const completed = operatorNames.length - waiting.length;
    const percent = Math.floor((100 * completed) / operatorNames.length);
    const applying = `Working towards ${version}: ${completed} of ${operatorNames.length} done (${percent}% complete), waiting on ${waiting.join(", ")}`;
    const wasAvailable = before.find(({ type }) => type === "Available");
    const available = done
      ? condition(before, "Available", "True", "", `Done applying ${version}`)
      : (wasAvailable ?? condition(before, "Available", "False", "", ""));
    const isDown = done && waiting.length > 0;
    const down = `Cluster operator ${waiting.join(", ")} is not available`;
    return [
      available,
      condition(before, "Failing", isDown ? "True" : "False", isDown ? "ClusterOperatorNotAvailable" : "", isDown ? down : ""),
      done
        ? condition(before, "Progressing", "False", "", `Cluster version is ${version}`)
        : condition(before, "Progressing", "True", "", applying),
    ];
  }

  private async write(
    cluster: SimulatedClusterVersion,
    desired: ClusterVersionRelease,
    history: readonly HistoryEntry[],
    conditions: readonly ClusterOperatorStatusCondition[],
  ): Promise<void> {
    const offers = availableUpdates(cluster, desired.version, this.options.releases());
    const status = {
      ...cluster.status,
      desired: { version: desired.version, image: desired.image },
      observedGeneration: cluster.metadata.generation,
      versionHash: "simulated",
      availableUpdates: offers.available,
      conditionalUpdates: offers.conditional.length > 0 ? offers.conditional : undefined,
      history,
      conditions: [...conditions, offers.condition],
    };
    const text = JSON.stringify(status);
    if (text === this.written) return;
    // Replaces the whole status: a merge patch would remove the fields that the CRD requires to be null.
    const put = this.api.send("PUT", `${clusterVersionPath}/status`, { ...cluster, status });
    const isWritten = await put.then(
      () => true,
      (error: unknown) => {
        // Somebody has changed the object in the meantime: the next tick reads it.
        if (error instanceof ApiError && error.status === 409) return false;
        throw error;
      },
    );
    if (isWritten) this.written = text;
  }
}

/**
 * The desired update; undefined if the ClusterVersion names no update, or a version that is not offered
 * (`findUpdateFromConfig` in `pkg/cvo/updatepayload.go`).
 */
function wanted({ spec, status }: SimulatedClusterVersion): UpdateTarget | undefined {
  const { version = "", image = "", force = false } = spec?.desiredUpdate ?? {};
  if (image !== "") return { version, image, force };
  const offered = status?.availableUpdates?.find((each) => each.version === version);
  return version === "" || offered === undefined ? undefined : { version, image: offered.image, force };
}

/**
 * The condition for an invalid desired update: an update that names only a version must be one of the offered updates
 * (`lib/validation/validation.go`).
 */
function invalid(cluster: SimulatedClusterVersion): ClusterOperatorStatusCondition[] {
  const { version = "", image = "" } = cluster.spec?.desiredUpdate ?? {};
  const known = [...(cluster.status?.availableUpdates ?? []), ...(cluster.status?.history ?? [])];
  if (image !== "" || version === "" || known.some((each) => each.version === version)) return [];
  const message = `The cluster version is invalid: spec.desiredUpdate.version: Invalid value: "${version}": when image is empty the update must be an available update`;
  return [condition(conditionsOf(cluster), "Invalid", "True", "InvalidClusterVersion", message)];
}

function conditionsOf({ status }: SimulatedClusterVersion): readonly ClusterOperatorStatusCondition[] {
  return status?.conditions ?? [];
}

function loaded({ version, image }: ClusterVersionRelease): string {
  return `Payload loaded version="${version}" image="${image}" architecture="amd64"`;
}

function retrieving({ version, image }: ClusterVersionRelease): string {
  return `Retrieving and verifying payload version="${version}" image="${image}"`;
}

function historyEntry(
  { version, image }: ClusterVersionRelease,
  done: boolean,
  startedTime: string | undefined,
  verified: boolean,
  acceptedRisks: string,
): HistoryEntry {
  return {
    state: done ? "Completed" : "Partial",
    startedTime: startedTime ?? kubeTime(),
    completionTime: done ? kubeTime() : null,
    version,
    image,
    verified,
    ...(acceptedRisks !== "" && { acceptedRisks }),
  };
}

/** A history entry that ends because the next one begins (`mergeOperatorHistory` in `pkg/cvo/status.go`). */
function ended(entry: HistoryEntry): HistoryEntry {
  return { ...entry, completionTime: entry.completionTime ?? kubeTime() };
}
