import { toYaml } from "../lib/yaml";
import type { ApiObject } from "../cluster-objects/object";
import { ignitionFile, type HostUnit } from "./installer-host/ignition-config";
import type { Manifests } from "./manifests";

/** Machine config pools: nodes that the cluster configures alike. */
export type MachineConfigPoolName = "master" | "worker";

/**
 * A file of a pool's nodes. The machine config operator downloads nothing, so the content must be inline
 * (openshift/machine-config-operator, `docs/MachineConfig.md`).
 */
export interface MachineFile {
  readonly path: string;
  /** File permissions, such as 0o644. */
  readonly mode: number;
  readonly contents: string;
}

/**
 * Content of a MachineConfig. Files, units and kernel arguments can change after the installation; the machine config operator refuses a change
 * of any other ignition setting.
 */
export interface MachineConfigContent {
  readonly files?: readonly MachineFile[];
  readonly units?: readonly HostUnit[];
  readonly kernelArguments?: readonly string[];
}

/** Pool and topic of a MachineConfig. Its name contains both, so another topic means another object. */
export interface MachineConfigHead {
  readonly pool: MachineConfigPoolName;
  /** The name is `99-<pool>-<topic>`. It sorts after the installer's names, and the installer uses no such name. */
  readonly topic: string;
}

/** Name, pool label and kind: everything that is known before the content. */
export function machineConfigHead({ pool, topic }: MachineConfigHead): ApiObject {
  return {
    apiVersion: "machineconfiguration.openshift.io/v1",
    kind: "MachineConfig",
    metadata: { name: `99-${pool}-${topic}`, labels: { "machineconfiguration.openshift.io/role": pool } },
  };
}

/**
 * A MachineConfig's `spec`. It contains every list, even empty ones: an object that the installation created has two field managers, and a
 * list that one of them leaves out would keep the other's values.
 */
export function machineConfigSpec({ files = [], units = [], kernelArguments = [] }: MachineConfigContent): object {
  return {
    config: { ignition: { version: "3.2.0" }, storage: { files: files.map(ignitionFile) }, systemd: { units } },
    kernelArguments,
  };
}

/** MachineConfigs as manifests of a new cluster: its nodes have them from the first boot on. */
export function machineConfigManifests(configs: readonly (MachineConfigHead & { readonly content: MachineConfigContent })[]): Manifests {
  return Object.fromEntries(
    configs.map(({ content, ...head }) => {
      const object = machineConfigHead(head);
      return [`openshift/99_okd-aws_${object.metadata.name}.yaml`, toYaml({ ...object, spec: machineConfigSpec(content) })];
    }),
  );
}
