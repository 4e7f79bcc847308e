import type { UpdateSettings } from "../../config/platform/cluster-settings";
import type { ApiObject } from "../object";

/** Where `ClusterVersion version` looks for updates; undefined where nothing is set. Which it installs is set by another manager of its fields. */
export function updateSource({ channel, upstream }: UpdateSettings): ApiObject | undefined {
  if (channel === undefined && upstream === undefined) return undefined;
  const spec = { ...(channel !== undefined && { channel }), ...(upstream !== undefined && { upstream }) };
  return { apiVersion: "config.openshift.io/v1", kind: "ClusterVersion", metadata: { name: "version" }, spec };
}
