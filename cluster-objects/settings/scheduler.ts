import type { ClusterSettingsConfiguration } from "../../config/cluster-settings/settings";
import type { ApiObject } from "../object";

/**
 * Fields of `Scheduler cluster`; undefined if none is configured. `mastersSchedulable` is not set here, because the installation has set
 * it.
 */
export function schedulerSettings(scheduler: ClusterSettingsConfiguration["scheduler"]): ApiObject | undefined {
  if (Object.keys(scheduler).length === 0) return undefined;
  return { apiVersion: "config.openshift.io/v1", kind: "Scheduler", metadata: { name: "cluster" }, spec: { ...scheduler } };
}
