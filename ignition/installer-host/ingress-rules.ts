import { registryPort } from "./registry";

/**
 * Where traffic to the installer host comes from. `machine-network` is the instances' CIDR blocks. `admins` is the administrators' CIDR
 * blocks; with a bastion, or without `adminCidrs`, also the instances' (components/installer-host/installer-host.ts, sshSources).
 */
export type HostSource = "machine-network" | "admins";

export interface HostRule {
  readonly from: HostSource;
  readonly port: number;
  readonly purpose: string;
}

/** All ingress rules of the installer host; all are TCP. */
export const hostIngressRules: readonly HostRule[] = [
  { from: "admins", port: 22, purpose: "ssh, to run the installation" },
  { from: "machine-network", port: registryPort, purpose: "image registry" },
];
