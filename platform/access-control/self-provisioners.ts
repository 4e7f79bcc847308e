import type { ApiObject } from "../object";

/** The binding by which everybody who has logged in may make projects (openshift/openshift-apiserver, `pkg/bootstrappolicy`). */
export const SELF_PROVISIONERS = "self-provisioners";

/** Whether the API server puts back what is missing of the binding when it starts. */
export const AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";

/** Who may make projects as the cluster has it. */
export const EVERYBODY = [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:authenticated:oauth" }] as const;

/** The binding without anybody, and for good (OpenShift, "Disabling project self-provisioning"). */
export function noSelfProvisioners(): ApiObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: SELF_PROVISIONERS, annotations: { [AUTO_UPDATE]: "false" } },
    subjects: [],
  };
}
