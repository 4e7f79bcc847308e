import type { ApiItem } from "../../lib/kubernetes/client";
import type { Condition } from "../../lib/kubernetes/conditions";

/**
 * Objects of version 1 of the Operator Lifecycle Manager, with the fields that the wait reads
 * (openshift/operator-framework-operator-controller, `api/v1`, release-4.18 to release-4.22).
 */

interface Counted extends ApiItem {
  readonly metadata: ApiItem["metadata"] & { readonly generation?: number };
}

/** A condition with the generation of the object that it describes. */
export interface ObservedCondition extends Condition {
  readonly observedGeneration?: number;
}

/** A catalog. Its content is served to OLM only while the condition Serving is True. */
export interface ClusterCatalog extends Counted {
  readonly status?: { readonly conditions?: readonly ObservedCondition[] };
}

/** An operator that OLM installs. */
export interface ClusterExtension extends Counted {
  readonly spec: {
    readonly namespace: string;
    readonly source?: { readonly catalog?: { readonly packageName?: string } };
  };
  readonly status?: {
    readonly conditions?: readonly ObservedCondition[];
    readonly install?: { readonly bundle?: { readonly name: string; readonly version: string } };
  };
}

/** A Deployment of an operator. */
export interface OperatorDeployment extends Counted {
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly updatedReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

/** The operator that the program waits for. */
export interface ExtensionRequest {
  /** Package, and name of the ClusterExtension. */
  readonly package: string;
  readonly namespace: string;
  /** Name of the ClusterCatalog. */
  readonly catalog: string;
  readonly channel: string;
  readonly version: string;
  /** Digest of the permissions of the installing service account: when they change, the program waits again. */
  readonly permissions: string;
}

/** The objects in the cluster that decide about an operator. */
export interface ExtensionState {
  readonly extension?: ClusterExtension;
  readonly catalogs: readonly ClusterCatalog[];
  /** The operator's Deployments. */
  readonly deployments: readonly OperatorDeployment[];
}

/** The path of all objects of a kind. */
export function extensionsPath(plural: "clusterextensions" | "clustercatalogs"): string {
  return `/apis/olm.operatorframework.io/v1/${plural}`;
}
