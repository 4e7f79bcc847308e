/**
 * Entry point `@okd-aws/sandbox/cluster/hosts`: the parts of a simulated installer host and control plane node. Tests run
 * the real scripts of host and node with these parts.
 */
export { SimulatedHostHealth } from "./host-health";
export { hostAddress, HostRegistry } from "./host-registry";
export { HostRoot } from "./host-root";
export { MasterRoot } from "./master-root";
export { kubeletName } from "./node";
