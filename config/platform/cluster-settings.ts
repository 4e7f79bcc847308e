import type { Settings } from "../schema";

/** What the cluster's own objects are set to; what isn't set stays as the cluster has it. */
export interface ClusterSettings {
  readonly auditProfile?: "Default" | "WriteRequestBodies" | "AllRequestBodies" | "None";
  readonly consoleBanner?: string;
}

export function clusterSettings({ auditProfile, consoleBanner }: Settings): ClusterSettings {
  return { ...(auditProfile !== "" && { auditProfile }), ...(consoleBanner !== "" && { consoleBanner }) };
}
