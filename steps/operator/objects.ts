import type { ApiItem } from "../../lib/kubernetes/client";
import type { Condition } from "../../lib/kubernetes/conditions";

/** Objects of the Operator Lifecycle Manager, with the fields that the wait reads (operator-framework/api, `pkg/operators`, v0.30.0). */

interface Named extends ApiItem {
  readonly metadata: ApiItem["metadata"] & {
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly resourceVersion?: string;
    readonly deletionTimestamp?: string;
  };
}

export interface OperatorGroup extends Named {
  readonly spec?: { readonly targetNamespaces?: readonly string[]; readonly selector?: object };
}

export interface CatalogSource extends Named {
  readonly status?: { readonly connectionState?: { readonly lastObservedState?: string }; readonly message?: string };
}

export interface Subscription extends Named {
  readonly spec: {
    readonly name: string;
    readonly channel?: string;
    readonly startingCSV?: string;
    readonly installPlanApproval?: string;
  };
  readonly status?: {
    readonly state?: string;
    /** The version that the Subscription installs or has installed last. */
    readonly currentCSV?: string;
    readonly installedCSV?: string;
    readonly installPlanRef?: { readonly name?: string };
    readonly conditions?: readonly Condition[];
  };
}

export interface InstallPlan extends Named {
  readonly spec: { readonly approved: boolean; readonly clusterServiceVersionNames: readonly string[] };
  readonly status?: {
    readonly phase?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly plan?: readonly PlanStep[];
  };
}

/** An object that an InstallPlan creates. `resolving` is the ClusterServiceVersion that needs the object. */
interface PlanStep {
  readonly resolving: string;
  /** `sourceName` and `sourceNamespace` are those of the CatalogSource. */
  readonly resource: { readonly kind: string; readonly sourceName?: string; readonly sourceNamespace?: string };
}

export interface ClusterServiceVersion extends Named {
  readonly spec: {
    readonly version?: string;
    /** The ClusterServiceVersion that this ClusterServiceVersion replaces. */
    readonly replaces?: string;
    readonly installModes?: readonly { readonly type: string; readonly supported: boolean }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly requirementStatus?: readonly NeededObject[];
  };
}

/** An object that the operator needs. */
export interface NeededObject {
  readonly kind: string;
  readonly name: string;
  /** `Present` if the object exists and meets the requirement. */
  readonly status: string;
  readonly message?: string;
  readonly dependents?: readonly { readonly status: string; readonly message?: string }[];
}

/** The operator that the program waits for. */
export interface OperatorRequest {
  /** Package, and name of the Subscription. */
  readonly package: string;
  readonly namespace: string;
  readonly source: { readonly name: string; readonly namespace: string };
  readonly channel: string;
  /** The version to install; undefined for the newest of the channel, which OLM installs without approval. */
  readonly startingCSV?: string;
}

/** The objects in the cluster that decide about an operator. */
export interface OperatorState {
  /** OperatorGroups, Subscriptions, InstallPlans and ClusterServiceVersions of the operator's namespace. */
  readonly groups: readonly OperatorGroup[];
  readonly subscriptions: readonly Subscription[];
  readonly plans: readonly InstallPlan[];
  readonly csvs: readonly ClusterServiceVersion[];
  /** ClusterServiceVersions of other namespaces that OLM has copied to the operator's namespace; `csvs` does not contain these copies. */
  readonly copies: readonly ClusterServiceVersion[];
  /** CatalogSources of the namespace in which the operator's source is. */
  readonly sources: readonly CatalogSource[];
}

/** The part of a PackageManifest that has the versions of a package. */
export interface PackageManifest {
  readonly status?: {
    readonly catalogSource?: string;
    readonly catalogSourceNamespace?: string;
    readonly channels?: readonly { readonly entries?: readonly { readonly name: string; readonly version?: string }[] }[];
  };
}

/** Facts that one run of the program knows in addition to the objects in the cluster. */
export interface OperatorRun {
  /** Names of the InstallPlans that existed when the run began. */
  readonly oldPlans: ReadonlySet<string>;
  /** Versions in the catalog by the name of their ClusterServiceVersion; empty until the catalog has answered. */
  readonly versions: ReadonlyMap<string, string>;
}
