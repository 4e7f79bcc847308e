import type { KubeObject } from "../api";

/** Objects of the Operator Lifecycle Manager (operator-framework/api, `pkg/operators`, v0.30.0), with the fields that the stand-in uses. */

const v1alpha1 = "/apis/operators.coreos.com/v1alpha1";

/** Paths that list the objects of all namespaces. */
export const OLM_LISTS = {
  sources: `${v1alpha1}/catalogsources`,
  subscriptions: `${v1alpha1}/subscriptions`,
  plans: `${v1alpha1}/installplans`,
  csvs: `${v1alpha1}/clusterserviceversions`,
  groups: "/apis/operators.coreos.com/v1/operatorgroups",
} as const;

/** Field manager of everything that the stand-in applies. */
export const OLM_MANAGER = "olm-stand-in";

/** Metadata of an object that the API server has stored. */
interface Stored {
  name: string;
  namespace: string;
  uid: string;
  resourceVersion: string;
  finalizers?: readonly string[];
  deletionTimestamp?: string;
}

export interface OlmSource extends KubeObject {
  metadata: KubeObject["metadata"] & Stored;
  spec: { sourceType: string; image?: string; address?: string; displayName?: string };
  status?: { connectionState?: { lastObservedState: string }; reason?: string };
}

export interface OlmGroup extends KubeObject {
  metadata: KubeObject["metadata"] & Stored;
  spec?: { targetNamespaces?: readonly string[] };
  status?: { namespaces?: readonly string[]; conditions?: readonly { type: string }[] };
}

export interface OlmCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

export interface OlmSubscription extends KubeObject {
  metadata: KubeObject["metadata"] & Stored;
  spec: {
    name: string;
    source: string;
    sourceNamespace: string;
    channel?: string;
    startingCSV?: string;
    installPlanApproval?: "Automatic" | "Manual";
    config?: { nodeSelector?: object; tolerations?: readonly object[]; env?: readonly { name: string; value?: string }[] };
  };
  status?: OlmSubscriptionStatus;
}

export interface OlmSubscriptionStatus {
  state?: string;
  currentCSV?: string;
  installedCSV?: string;
  installPlanRef?: { name: string; namespace: string; uid: string };
  installPlanGeneration?: number;
  conditions?: readonly OlmCondition[];
  lastUpdated: string;
  [field: string]: unknown;
}

export interface OlmInstallPlan extends KubeObject {
  metadata: KubeObject["metadata"] & Stored;
  spec: { approval: string; approved: boolean; clusterServiceVersionNames: readonly string[]; generation?: number };
  status?: { phase: string; plan?: readonly OlmStep[]; catalogSources: readonly string[]; message?: string; [field: string]: unknown };
}

/** An object that an InstallPlan creates. */
export interface OlmStep {
  resolving: string;
  status: string;
  resource: {
    group: string;
    version: string;
    kind: string;
    name: string;
    sourceName: string;
    sourceNamespace: string;
    /** JSON. */
    manifest: string;
  };
}

export interface OlmCsv extends KubeObject {
  metadata: KubeObject["metadata"] & Stored;
  spec: {
    displayName: string;
    version: string;
    replaces?: string;
    installModes: readonly { type: string; supported: boolean }[];
    customresourcedefinitions?: Readonly<Partial<Record<"owned" | "required", readonly OlmDefinition[]>>>;
    install: { strategy: string; spec: { deployments: readonly { name: string; spec: OlmDeploymentSpec }[] } };
    [field: string]: unknown;
  };
  status?: OlmCsvStatus;
}

/** A custom resource definition that an operator owns or requires. */
export interface OlmDefinition {
  /** `<plural>.<group>` */
  readonly name: string;
  readonly kind: string;
  readonly version: string;
}

export interface OlmDeploymentSpec {
  template: {
    metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
    spec: {
      containers: { env?: readonly { name: string; value?: string }[]; [field: string]: unknown }[];
      serviceAccountName?: string;
      [field: string]: unknown;
    };
  };
  [field: string]: unknown;
}

export interface OlmCsvStatus {
  phase?: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
  conditions?: readonly object[];
  requirementStatus?: readonly OlmRequirement[];
  [field: string]: unknown;
}

/** An object that a ClusterServiceVersion needs, and whether the object exists. */
export interface OlmRequirement {
  group: string;
  version: string;
  kind: string;
  name: string;
  status: "Present" | "NotPresent";
  message: string;
}

export interface OlmDeployment extends KubeObject {
  metadata: KubeObject["metadata"] & { name: string; namespace: string; generation?: number };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    conditions?: readonly OlmCondition[];
  };
}

/** All objects of the Operator Lifecycle Manager, as the API server has them. */
export interface OlmState {
  readonly sources: readonly OlmSource[];
  readonly subscriptions: readonly OlmSubscription[];
  readonly plans: readonly OlmInstallPlan[];
  readonly csvs: readonly OlmCsv[];
  readonly groups: readonly OlmGroup[];
}

/** The path of one object, from the path `list` of all objects of its kind. */
export function olmPath(list: string, { namespace, name }: { readonly namespace: string; readonly name: string }): string {
  const at = list.lastIndexOf("/");
  return `${list.slice(0, at)}/namespaces/${namespace}${list.slice(at)}/${name}`;
}
