import type { Role } from "../../config/platform/access-control";
import type { ApiObject } from "../object";

/** A role of the cluster, or of a namespace. */
export function role({ name, namespace, rules }: Role): ApiObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: namespace === undefined ? "ClusterRole" : "Role",
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    rules: rules.map(policyRule),
  };
}

/** Empty lists mean nothing to a rule, and are not stored. */
function policyRule({ verbs, ...lists }: Role["rules"][number]): object {
  return { ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)), verbs };
}
