import type { AuthenticationConfiguration, RoleBinding } from "../../config/authentication/settings";
import { CLUSTER_ADMINS } from "../../config/authentication/fields";
import type { ApiObject } from "../object";
import { serviceAccountSubject } from "../service-account";

const GROUP = "rbac.authorization.k8s.io";

/** The configured role bindings; the cluster administrators' binding comes first. */
export function bindings({
  clusterAdmins: { users, groups },
  roleBindings,
}: Pick<AuthenticationConfiguration, "clusterAdmins" | "roleBindings">): ApiObject[] {
  const admins: RoleBinding = {
    name: CLUSTER_ADMINS,
    role: "cluster-admin",
    roleKind: "ClusterRole",
    users: [...users],
    groups: [...groups],
    serviceAccounts: [],
  };
  return [...(users.length + groups.length > 0 ? [admins] : []), ...roleBindings].map(binding);
}

function binding({ name, role, roleKind, namespace, users, groups, serviceAccounts }: RoleBinding): ApiObject {
  const subjects = [
    ...users.map((user) => ({ apiGroup: GROUP, kind: "User", name: user })),
    ...groups.map((group) => ({ apiGroup: GROUP, kind: "Group", name: group })),
    ...serviceAccounts.map(serviceAccountSubject),
  ];
  const roleRef = { apiGroup: GROUP, kind: roleKind, name: role };
  const kind = namespace === undefined ? "ClusterRoleBinding" : "RoleBinding";
  return { apiVersion: `${GROUP}/v1`, kind, metadata: { name, ...(namespace !== undefined && { namespace }) }, subjects, roleRef };
}
