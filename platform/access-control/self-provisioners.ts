import type { ApiObject } from "../object";

/** The binding by which everybody who has logged in may make projects (openshift/openshift-apiserver, `pkg/bootstrappolicy`). */
const SELF_PROVISIONERS = "self-provisioners";

/** Whether the API server puts back what is missing of the binding when it starts. */
const AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";

/** The binding as the cluster has it. Dropped fields alone would leave it empty until OpenShift's API server starts the next time. */
export const everybodyAgain = {
  path: `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${SELF_PROVISIONERS}`,
  fields: {
    metadata: { annotations: { [AUTO_UPDATE]: "true" } },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:authenticated:oauth" }],
  },
} as const;

/** The binding without anybody, and for good (OpenShift, "Disabling project self-provisioning"). */
export function noSelfProvisioners(): ApiObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: SELF_PROVISIONERS, annotations: { [AUTO_UPDATE]: "false" } },
    subjects: [],
  };
}
