import type { ConfiguredGroup } from "../../config/access-control/settings";
import type { ApiObject } from "../object";

/** A group with the complete list of its members: a user who is removed from the configuration is removed from the group. */
export function groupObject({ name, users }: ConfiguredGroup): ApiObject {
  return { apiVersion: "user.openshift.io/v1", kind: "Group", metadata: { name }, users };
}
