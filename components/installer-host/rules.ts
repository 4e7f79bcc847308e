import { registryPort } from "../../ignition/installer-host/registry";

/** Where packets to the installer host come from: the machines' range, or the ranges of the people who run the cluster. */
export type HostSource = "machine-network" | "admins";

export interface HostRule {
  readonly from: HostSource;
  readonly port: number;
  readonly purpose: string;
}

/** Every way into the installer host, all of it TCP, and no other. */
export const hostIngressRules: readonly HostRule[] = [
  { from: "admins", port: 22, purpose: "ssh, to run the installation" },
  { from: "machine-network", port: registryPort, purpose: "image registry" },
];
