import type { ClusterSettings } from "../../config/platform/cluster-settings";
import type { ApiObject } from "../object";

/** Fields of `APIServer cluster`; undefined where none is set. */
export function apiServerSettings({ auditProfile }: ClusterSettings): ApiObject | undefined {
  if (auditProfile === undefined) return undefined;
  return {
    apiVersion: "config.openshift.io/v1",
    kind: "APIServer",
    metadata: { name: "cluster" },
    spec: { audit: { profile: auditProfile } },
  };
}
