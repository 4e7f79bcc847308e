import { approverAccount } from "./account";
import type { ApiObject } from "../object";

const { name, namespace } = approverAccount;

/** The Lease that the approver renews twice a minute while it reaches the API and EC2, and the permission to renew it. */
export function approverHeartbeat(): Readonly<Record<"lease" | "role" | "binding", ApiObject>> {
  const metadata = { name: `${name}-heartbeat`, namespace };
  return {
    lease: { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name, namespace } },
    role: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata,
      rules: [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], resourceNames: [name], verbs: ["patch"] }],
    },
    binding: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
  };
}
