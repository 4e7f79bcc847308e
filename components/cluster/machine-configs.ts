import * as pulumi from "@pulumi/pulumi";
import { type MachineConfigContent, type MachineConfigHead, machineConfigHead, machineConfigSpec } from "../../ignition/machine-config";
import type { ClusterApi } from "./cluster-api";

/** A MachineConfig whose content may become known only during the update. */
export interface DeclaredMachineConfig extends MachineConfigHead {
  readonly content: pulumi.Input<MachineConfigContent>;
}

export interface MachineConfigsArgs {
  readonly api: ClusterApi;
  readonly configs: readonly DeclaredMachineConfig[];
}

/**
 * The MachineConfigs of a running cluster. A new cluster was installed with the same objects. When one is changed, added or removed later,
 * the machine config operator reboots the pool's nodes one by one.
 */
export class MachineConfigs extends pulumi.ComponentResource {
  constructor(name: string, { api, configs }: MachineConfigsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:MachineConfigs", name, {}, opts);
    for (const { content, ...head } of configs) {
      const object = machineConfigHead(head);
      api.adopt(object.metadata.name, { ...object, spec: pulumi.output(content).apply(machineConfigSpec) }, { parent: this });
    }
    this.registerOutputs();
  }
}
