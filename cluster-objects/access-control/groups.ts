import type { Group } from "../../config/access-control/settings";
import type { ApiObject } from "../object";

/** A group with the complete list of its members: a user who is removed from the configuration is removed from the group. */
export function group({ name, users }: Group): ApiObject {
  return { apiVersion: "user.openshift.io/v1", kind: "Group", metadata: { name }, users };
}
