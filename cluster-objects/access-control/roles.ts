import type { Role } from "../../config/access-control/settings";
import type { ApiObject } from "../object";

/** A cluster role, or a role of a namespace. */
export function roleObject({ name, namespace, rules }: Role): ApiObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: namespace === undefined ? "ClusterRole" : "Role",
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    rules: rules.map(policyRule),
  };
}

/** A rule without its empty lists: they have no meaning, and the cluster does not store them. */
function policyRule({ verbs, ...lists }: Role["rules"][number]): object {
  return { ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)), verbs };
}
