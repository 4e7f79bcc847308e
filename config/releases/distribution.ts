/** The distribution to install: OKD, the community distribution, or Red Hat OpenShift. */
export type Distribution = "okd" | "openshift";
