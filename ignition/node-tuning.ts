import type { NodeSettings } from "../config/cluster-settings/settings";
import type { MachineConfigContent, MachineConfigHead, MachineFile } from "./machine-config";

const POOLS = ["master", "worker"] as const;

/**
 * MachineConfigs for the nodes' time servers and kernel arguments. Each has its own topic, so that a change of one does not change the
 * other's object.
 */
export function nodeMachineConfigs({
  ntpServers,
  tuning,
}: NodeSettings): (MachineConfigHead & { readonly content: MachineConfigContent })[] {
  return POOLS.flatMap((pool) => {
    const kernelArguments = (pool in tuning && tuning[pool].kernelArguments) || [];
    return [
      ...(ntpServers.length > 0 ? [{ pool, topic: "chrony", content: { files: [chronyConfig(ntpServers)] } }] : []),
      ...(kernelArguments.length > 0 ? [{ pool, topic: "kernel-arguments", content: { kernelArguments } }] : []),
    ];
  });
}

/**
 * CoreOS' chrony.conf with other servers: steps the clock at the start, keeps the hardware clock in sync, and uses the leap second table
 * (chrony, `chrony.conf`).
 */
function chronyConfig(servers: readonly string[]): MachineFile {
  const lines = ["driftfile /var/lib/chrony/drift", "makestep 1.0 3", "rtcsync", "leapsectz right/UTC", "logdir /var/log/chrony"];
  const contents = [...servers.map((server) => `server ${server} iburst`), ...lines, ""].join("\n");
  return { path: "/etc/chrony.conf", mode: 0o644, contents };
}
