import type { DeclaredMachineConfig } from "../components/platform/machine-configs";
import { nodeMachineConfigs } from "../ignition/node-tuning";
import type { Configuration } from "../config/configuration";

/**
 * Every MachineConfig of the configuration: a new cluster is installed with them, and a running one gets their changes. One list for both, so that an
 * installed object and a declared one can't differ, which would reboot every machine.
 */
export function machineConfigsOf(configuration: Configuration): readonly DeclaredMachineConfig[] {
  return nodeMachineConfigs(configuration.platform.settings.nodes);
}
