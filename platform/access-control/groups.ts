import type { Group } from "../../config/platform/access-control";
import type { ApiObject } from "../object";

/** A group with all its members: who is taken out of it here is taken out of it there. */
export function group({ name, users }: Group): ApiObject {
  return { apiVersion: "user.openshift.io/v1", kind: "Group", metadata: { name }, users };
}
