/** Entry point `@okd-aws/sandbox/cluster/api-server`: a client of an API server, and the API groups that OpenShift's own servers serve. */
export { installAggregatedGroups } from "./aggregated-groups";
export { Api, ApiError, type KubeObject } from "./api";
export { kubeTime } from "./kube-time";
