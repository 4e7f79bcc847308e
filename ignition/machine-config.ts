import { toYaml } from "../config/yaml";
import type { ApiObject } from "../platform/object";
import { ignitionFile, type HostUnit } from "./installer-host/ignition-config";
import type { Manifests } from "./manifest-patches";

/** Pools of machines that the cluster configures alike. */
export type MachinePoolName = "master" | "worker";

/** A file of a pool's machines. The machine config operator fetches nothing: its text is all here (openshift/machine-config-operator, `docs/MachineConfig.md`). */
export interface MachineFile {
  readonly path: string;
  /** Permissions, such as 0o644. */
  readonly mode: number;
  readonly contents: string;
}

/** What a MachineConfig puts onto machines. Files, units and kernel arguments are what the operator can change after the installation; of ignition it takes nothing else. */
export interface MachineConfigContent {
  readonly files?: readonly MachineFile[];
  readonly units?: readonly HostUnit[];
  readonly kernelArguments?: readonly string[];
}

/** Pool and topic of a MachineConfig. Both are its name, so another topic is another object. */
export interface MachineConfigHead {
  readonly pool: MachinePoolName;
  /** `99-<pool>-<topic>` is its name, after the installer's own by their order, and no name that the installer uses. */
  readonly topic: string;
}

/** Name, pool's label and kind: what is known of a MachineConfig before its content is. */
export function machineConfigHead({ pool, topic }: MachineConfigHead): ApiObject {
  return {
    apiVersion: "machineconfiguration.openshift.io/v1",
    kind: "MachineConfig",
    metadata: { name: `99-${pool}-${topic}`, labels: { "machineconfiguration.openshift.io/role": pool } },
  };
}

/**
 * A MachineConfig's `spec`. Every list is there, empty ones too: what the installation made is owned by two managers afterwards, and a list that
 * one of them left out would stay as the other wrote it.
 */
export function machineConfigSpec({ files = [], units = [], kernelArguments = [] }: MachineConfigContent): object {
  return {
    config: { ignition: { version: "3.2.0" }, storage: { files: files.map(ignitionFile) }, systemd: { units } },
    kernelArguments,
  };
}

/** MachineConfigs as manifests of a new cluster: its machines have them at their first boot. */
export function machineConfigManifests(configs: readonly (MachineConfigHead & { readonly content: MachineConfigContent })[]): Manifests {
  return Object.fromEntries(
    configs.map(({ content, ...head }) => {
      const object = machineConfigHead(head);
      return [`openshift/99_okd-aws_${object.metadata.name}.yaml`, toYaml({ ...object, spec: machineConfigSpec(content) })];
    }),
  );
}
