import type { KubeObject } from "../../api";

/**
 * Objects of version 1 of the Operator Lifecycle Manager, with the fields that the stand-in uses
 * (openshift/operator-framework-operator-controller, `api/v1`, release-4.20).
 */

export const CATALOGS = "/apis/olm.operatorframework.io/v1/clustercatalogs";
export const EXTENSIONS = "/apis/olm.operatorframework.io/v1/clusterextensions";

/** The label that catalogd gives each ClusterCatalog with its name. */
export const CATALOG_NAME = "olm.operatorframework.io/metadata.name";

interface Stored {
  name: string;
  uid: string;
  generation: number;
  finalizers?: readonly string[];
  deletionTimestamp?: string;
}

export interface V1Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
  observedGeneration: number;
  lastTransitionTime: string;
}

export interface V1Catalog extends KubeObject {
  metadata: KubeObject["metadata"] & Stored;
  spec: { source: { image?: { ref: string } }; priority?: number; availabilityMode?: "Available" | "Unavailable" };
  status?: { conditions?: readonly V1Condition[] };
}

/** A bundle that is installed. */
export interface V1Installed {
  name: string;
  version: string;
}

export interface V1Extension extends KubeObject {
  metadata: KubeObject["metadata"] & Stored;
  spec: {
    namespace: string;
    serviceAccount: { name: string };
    source: {
      catalog: {
        packageName: string;
        version?: string;
        channels?: readonly string[];
        selector?: { matchLabels?: Readonly<Record<string, string>> };
        upgradeConstraintPolicy?: "CatalogProvided" | "SelfCertified";
      };
    };
  };
  status?: { conditions?: readonly V1Condition[]; install?: { bundle: V1Installed } };
}

/** Sets a condition. The time of its last transition changes only with its status. */
export function withV1Condition(
  conditions: readonly V1Condition[] | undefined,
  condition: Omit<V1Condition, "lastTransitionTime">,
  time: string,
): V1Condition[] {
  const before = conditions?.find(({ type }) => type === condition.type);
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : time;
  return [...(conditions ?? []).filter(({ type }) => type !== condition.type), { ...condition, lastTransitionTime }];
}
