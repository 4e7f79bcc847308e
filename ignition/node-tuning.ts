import type { NodeSettings } from "../config/platform/cluster-settings";
import type { MachineConfigContent, MachineConfigHead, MachineFile } from "./machine-config";

const POOLS = ["master", "worker"] as const;

/** MachineConfigs of the nodes' time and kernels: a topic each, so that the one's change leaves the other's object alone. */
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

/** As CoreOS has it, with other servers: stepping at the start, the hardware's clock following, and what the leap second's table says (chrony, `chrony.conf`). */
function chronyConfig(servers: readonly string[]): MachineFile {
  const lines = ["driftfile /var/lib/chrony/drift", "makestep 1.0 3", "rtcsync", "leapsectz right/UTC", "logdir /var/log/chrony"];
  const contents = [...servers.map((server) => `server ${server} iburst`), ...lines, ""].join("\n");
  return { path: "/etc/chrony.conf", mode: 0o644, contents };
}
