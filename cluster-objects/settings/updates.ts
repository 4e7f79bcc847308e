import type { UpdateSettings } from "../../config/cluster-settings/settings";
import type { ApiObject } from "../object";

/** Channel and update service of `ClusterVersion version`; undefined if neither is set. Another field manager sets the desired release. */
export function updateSource({ channel, upstream }: UpdateSettings): ApiObject | undefined {
  if (channel === undefined && upstream === undefined) return undefined;
  const spec = { ...(channel !== undefined && { channel }), ...(upstream !== undefined && { upstream }) };
  return { apiVersion: "config.openshift.io/v1", kind: "ClusterVersion", metadata: { name: "version" }, spec };
}
