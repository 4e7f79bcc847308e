import type { Api } from "../api";
import { kubeTime } from "../kube-time";
import { stepsOf } from "./bundle-steps";
import type { OlmCatalog } from "./catalog";
import { GLOBAL_NAMESPACE } from "./default-sources";
import type { DefinitionOf } from "./known-definitions";
import {
  OLM_LISTS,
  olmPath,
  type OlmInstallPlan,
  type OlmSource,
  type OlmState,
  type OlmSubscription,
  type OlmSubscriptionStatus,
} from "./objects";
import { type ResolvedBundle, resolveNamespace } from "./resolution";
import { RESYNC_SECONDS, type ResolveQueue } from "./resolve-queue";
import { observedStatus, sameStatus, withCondition } from "./subscription-status";
import { UNPACK_SECONDS, type UnpackedBundles } from "./unpacking";

/** Seconds until OLM tries again after an error. The real OLM waits longer after each attempt. */
const RETRY_SECONDS = 1;

export interface NamespaceResolverOptions {
  readonly state: OlmState;
  readonly catalogOf: (source: OlmSource) => OlmCatalog | undefined;
  readonly queue: ResolveQueue;
  readonly unpacked: UnpackedBundles;
  readonly definitionOf?: DefinitionOf | undefined;
  readonly now: Date;
}

/**
 * Resolves the Subscriptions of a namespace, and creates the InstallPlan (operator-framework/operator-lifecycle-manager,
 * `pkg/controller/operators/catalog/operator.go`, master: syncResolvingNamespace).
 */
export class NamespaceResolver {
  constructor(
    private readonly api: Api,
    private readonly options: NamespaceResolverOptions,
  ) {}

  /** Resolves the namespace if something has changed since the last time, or if its next resolution is due. */
  async advance(namespace: string): Promise<void> {
    const { state, queue, now } = this.options;
    if (!queue.take(namespace, state, now)) return;
    // After an error, such as a conflict, the next call tries again.
    queue.addAfter(namespace, 0, now);
    queue.addAfter(namespace, await this.resolve(namespace), now);
  }

  /** Returns the seconds after which OLM resolves the namespace again if nothing changes. */
  private async resolve(namespace: string): Promise<number> {
    const { state, catalogOf, now } = this.options;
    const own = <T extends { metadata: { namespace: string } }>(all: readonly T[]) =>
      all.filter(({ metadata }) => metadata.namespace === namespace);
    const csvs = own(state.csvs);
    const plans = own(state.plans);
    const sources = state.sources
      .filter(({ metadata }) => metadata.namespace === namespace || metadata.namespace === GLOBAL_NAMESPACE)
      .map((source) => ({ source, catalog: catalogOf(source) }));
    const health = sources.map(({ source, catalog }) => ({ source, healthy: catalog !== undefined }));
    const observed = own(state.subscriptions).map((subscription) => ({
      ...subscription,
      status: observedStatus(subscription, { csvs, plans, sources: health, now }),
    }));
    const before = new Map(own(state.subscriptions).map(({ metadata, status }) => [metadata.name, status]));
    const changed = observed.filter(({ metadata, status }) => !sameStatus(before.get(metadata.name), status));
    for (const { metadata, status } of changed) await this.writeStatus(metadata, status);
    // Like the real controller, the stand-in resolves only when the statuses are up to date. If there is not exactly one OperatorGroup, it reports nothing.
    if (changed.length > 0 || own(state.groups).length !== 1 || observed.every(isWaiting)) return RESYNC_SECONDS;

    const result = resolveNamespace({ subscriptions: observed, csvs, sources });
    if (!("reason" in result)) return this.install(result, observed, plans);
    await this.setAll(observed, "ResolutionFailed", { status: "True", ...result });
    return result.reason === "ErrorPreventedResolution" ? RETRY_SECONDS : RESYNC_SECONDS;
  }

  /** Unpacks the bundles, and then creates an InstallPlan for all of them. */
  private async install(
    resolved: readonly ResolvedBundle[],
    subscriptions: readonly ObservedSubscription[],
    plans: readonly OlmInstallPlan[],
  ): Promise<number> {
    const updated = resolved.filter(({ subscription, bundle }) => subscription.status?.currentCSV !== bundle.name);
    if (!this.options.unpacked.unpack(updated, this.options.now)) {
      await this.setAll(subscriptions, "BundleUnpacking", { status: "True", reason: "UnpackingInProgress" });
      return UNPACK_SECONDS;
    }
    const plan = updated.length === 0 ? undefined : await this.createPlan(updated, subscriptions, plans);
    for (const { metadata, status } of subscriptions) {
      const target = updated.find(({ subscription }) => subscription.metadata.name === metadata.name);
      const settled = withCondition(withCondition(status, "BundleUnpacking"), "ResolutionFailed");
      const { name, namespace, uid } = plan?.metadata ?? { name: "", namespace: "", uid: "" };
      const planned = plan &&
        target && {
          state: "UpgradePending",
          currentCSV: target.bundle.name,
          installPlanRef: { apiVersion: "operators.coreos.com/v1alpha1", kind: "InstallPlan", name, namespace, uid },
          installPlanGeneration: plan.spec.generation ?? 1,
        };
      const next = { ...settled, ...planned };
      if (!sameStatus(status, next)) await this.writeStatus(metadata, next);
    }
    return RESYNC_SECONDS;
  }

  private async createPlan(
    updated: readonly ResolvedBundle[],
    subscriptions: readonly ObservedSubscription[],
    plans: readonly OlmInstallPlan[],
  ): Promise<OlmInstallPlan> {
    const [{ metadata }] = subscriptions;
    // One Subscription with manual approval makes the plans of the whole namespace wait for approval.
    const manual = subscriptions.some(({ spec }) => spec.installPlanApproval === "Manual");
    const generations = [
      ...plans.map(({ spec }) => spec.generation ?? 0),
      ...subscriptions.map(({ status }) => status.installPlanGeneration ?? 0),
    ];
    const owner = ({ metadata: { name, uid } }: OlmSubscription) => ({
      apiVersion: "operators.coreos.com/v1alpha1",
      kind: "Subscription",
      name,
      uid,
      controller: false,
      blockOwnerDeletion: false,
    });
    // The steps come first: without them the InstallPlan would stay without a status, and each further attempt would create another plan.
    const plan = updated.flatMap(({ subscription, bundle, replaces }) =>
      stepsOf(bundle, {
        namespace: metadata.namespace,
        replaces,
        definitionOf: this.options.definitionOf,
        source: { name: subscription.spec.source, namespace: subscription.spec.sourceNamespace },
      }),
    );
    const created = await this.api.send<OlmInstallPlan>(
      "POST",
      `/apis/operators.coreos.com/v1alpha1/namespaces/${metadata.namespace}/installplans`,
      {
        apiVersion: "operators.coreos.com/v1alpha1",
        kind: "InstallPlan",
        metadata: { generateName: "install-", namespace: metadata.namespace, ownerReferences: subscriptions.map(owner) },
        spec: {
          approval: manual ? "Manual" : "Automatic",
          approved: !manual,
          clusterServiceVersionNames: updated.map(({ bundle }) => bundle.name),
          generation: Math.max(0, ...generations) + 1,
        },
      },
    );
    const catalogSources = [...new Set(updated.map(({ subscription }) => subscription.spec.source))];
    await this.api.patchStatus(olmPath(OLM_LISTS.plans, created.metadata), {
      phase: manual ? "RequiresApproval" : "Installing",
      plan,
      catalogSources,
    });
    return created;
  }

  private async setAll(
    subscriptions: readonly ObservedSubscription[],
    type: string,
    value: { readonly status: string; readonly reason: string; readonly message?: string },
  ): Promise<void> {
    for (const { metadata, status } of subscriptions) {
      const next = withCondition(status, type, { ...value });
      if (!sameStatus(status, next)) await this.writeStatus(metadata, next);
    }
  }

  private async writeStatus(metadata: { readonly namespace: string; readonly name: string }, status: OlmSubscriptionStatus): Promise<void> {
    await this.api.patchStatus(olmPath(OLM_LISTS.subscriptions, metadata), {
      ...CLEARED,
      ...status,
      lastUpdated: kubeTime(this.options.now),
    });
  }
}

/** Fields that a merge patch removes if the status no longer has them. */
const CLEARED = { installPlanRef: null, currentCSV: null, state: null };

type ObservedSubscription = OlmSubscription & { readonly status: OlmSubscriptionStatus };

/** Whether a Subscription waits for its InstallPlan (nothingToUpdate). */
function isWaiting({ status }: ObservedSubscription): boolean {
  return status.installPlanRef !== undefined && status.state === "UpgradePending";
}
