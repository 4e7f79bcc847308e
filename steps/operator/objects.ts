import type { ApiItem } from "../../lib/kubernetes/client";
import type { Condition } from "../../lib/kubernetes/conditions";

/** Objects of the Operator Lifecycle Manager, with the fields that the wait reads (operator-framework/api, `pkg/operators`, v0.30.0). */

interface Named extends ApiItem {
  readonly metadata: ApiItem["metadata"] & {
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export interface OperatorGroup extends Named {
  readonly spec?: { readonly targetNamespaces?: readonly string[] };
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
    /** The version that the Subscription is going to. */
    readonly currentCSV?: string;
    readonly installedCSV?: string;
    readonly installPlanRef?: { readonly name?: string };
    readonly conditions?: readonly Condition[];
  };
}

export interface InstallPlan extends Named {
  readonly spec: { readonly approved: boolean; readonly clusterServiceVersionNames: readonly string[] };
  readonly status?: { readonly phase?: string; readonly message?: string; readonly conditions?: readonly Condition[] };
}

export interface ClusterServiceVersion extends Named {
  readonly spec: {
    readonly version?: string;
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
  /** `Present` if the object exists and fits. */
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
  /** CatalogSources of the namespace in which the operator's source is. */
  readonly sources: readonly CatalogSource[];
}
