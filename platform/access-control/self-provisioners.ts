/** The binding by which everybody who has logged in may make projects (openshift/openshift-apiserver, `pkg/bootstrappolicy`). */
const path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/self-provisioners";

/** Whether the API server puts back what is missing of the binding when it starts. */
const autoUpdate = (value: "true" | "false") => ({ annotations: { "rbac.authorization.kubernetes.io/autoupdate": value } });

/** The binding of nobody, and for good (OpenShift, "Disabling project self-provisioning"). No patch of a field manager: applied, an empty list leaves the former one. */
export const nobody = { path, fields: { metadata: autoUpdate("false"), subjects: null }, required: true } as const;

/** The binding as the cluster has it. Without it the binding would stay empty until OpenShift's API server starts the next time. */
export const everybody = {
  path,
  fields: {
    metadata: autoUpdate("true"),
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:authenticated:oauth" }],
  },
} as const;
