import type { KubernetesPatch } from "../kubernetes-patch";

/** The binding that lets all logged-in users create projects (openshift/openshift-apiserver, `pkg/bootstrappolicy`). */
const path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/self-provisioners";

/** Annotation that decides whether the API server restores the binding when the API server starts. */
const autoUpdate = (value: "true" | "false") => ({ annotations: { "rbac.authorization.kubernetes.io/autoupdate": value } });

/** Takes the right to create projects from all logged-in users. */
export const withoutSelfProvisioners: KubernetesPatch = {
  /**
   * Empties the binding permanently (OpenShift, "Disabling project self-provisioning"). A server-side apply would not work: an applied
   * empty list keeps the previous subjects.
   */
  applyPatch: { path, fields: { metadata: autoUpdate("false"), subjects: null }, required: true },
  /** Restores the cluster's default binding. With the annotation alone the binding would stay empty until OpenShift's API server restarts. */
  restorePatch: {
    path,
    fields: {
      metadata: autoUpdate("true"),
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:authenticated:oauth" }],
    },
  },
};
