import type { KubeObject } from "../api";

// The types of this file are the operator's kinds (grafana/grafana-operator, `api/v1beta1`, v5.22.2), with the fields that the stand-in uses.

export interface GrafanaCondition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number;
  readonly lastTransitionTime: string;
}

interface Stored {
  name: string;
  namespace: string;
  uid: string;
  generation: number;
  finalizers?: readonly string[];
  deletionTimestamp?: string;
}

export interface GrafanaInstance extends KubeObject {
  metadata: KubeObject["metadata"] & Stored;
  spec: {
    version?: string;
    config?: Readonly<Partial<Record<string, Readonly<Partial<Record<string, string>>>>>>;
    service?: { metadata?: { annotations?: Record<string, string> } };
    deployment?: { spec?: { template?: { spec?: GrafanaPod } } };
  };
  status?: { stage?: string; stageStatus?: string; lastMessage?: string; conditions?: readonly GrafanaCondition[] };
}

/** The part of a pod that a Grafana may override. */
export interface GrafanaPod {
  nodeSelector?: object;
  tolerations?: readonly object[];
  volumes?: readonly { name: string; secret?: { secretName: string } }[];
  containers?: readonly GrafanaContainer[];
}

export interface GrafanaContainer {
  name: string;
  env?: readonly { name: string; value?: string; valueFrom?: { secretKeyRef?: KeyReference } }[];
  volumeMounts?: readonly object[];
  readinessProbe?: { httpGet?: object };
}

/** A key of a Secret or ConfigMap. */
export interface KeyReference {
  readonly name: string;
  readonly key: string;
}

/** A datasource, folder or dashboard. */
export interface GrafanaContent extends KubeObject {
  metadata: KubeObject["metadata"] & Stored;
  spec: {
    instanceSelector: { matchLabels?: Readonly<Record<string, string>> };
    uid?: string;
    json?: string;
    folderRef?: string;
    datasource?: object;
    valuesFrom?: readonly {
      readonly targetPath: string;
      readonly valueFrom: { readonly secretKeyRef?: KeyReference; readonly configMapKeyRef?: KeyReference };
    }[];
  };
  status?: { conditions?: readonly GrafanaCondition[] };
}

const API = "/apis/grafana.integreatly.org/v1beta1";

/** The kinds of contents, each with its plural and the condition of its status. Folders come before dashboards, because a dashboard is in a folder. */
export const CONTENTS = [
  { plural: "grafanadatasources", condition: "DatasourceSynchronized" },
  { plural: "grafanafolders", condition: "FolderSynchronized" },
  { plural: "grafanadashboards", condition: "DashboardSynchronized" },
] as const;

/** The path of all objects of a kind in a namespace; with `name`, the path of one object. */
export function grafanaPath(plural: string, namespace: string, name?: string): string {
  return `${API}/namespaces/${namespace}/${plural}${name === undefined ? "" : `/${name}`}`;
}
