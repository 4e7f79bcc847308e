/**
 * Entry point `@okd-aws/sandbox/cluster/api-server`: a client of an API server, the API groups that OpenShift's own servers serve, and the
 * CRD of CredentialsRequests.
 */
export { installAggregatedGroups } from "./aggregated-groups";
export { Api, ApiError, type KubeObject } from "./api";
export { credentialsDefinitions } from "./credentials/requests";
export { kubeTime } from "./kube-time";
