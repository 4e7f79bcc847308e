/** Entry point `@okd-aws/sandbox/cluster/eck-stand-in`: a stand-in for Elastic Cloud on Kubernetes. */
export { EckStandIn } from "./stand-in";
