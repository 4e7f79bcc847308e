import { join } from "node:path";
import type { KubeObject } from "../api";

/** A volume of a pod, with the sources that the simulator can provide. */
export interface PodVolume {
  readonly name: string;
  readonly emptyDir?: object;
  readonly secret?: { readonly secretName: string };
  readonly projected?: { readonly sources: readonly { readonly serviceAccountToken?: TokenSource }[] };
}

/** A token of the pod's service account. */
export interface TokenSource {
  readonly audience?: string;
  readonly expirationSeconds?: number;
  readonly path: string;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
  }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

/** A Deployment, with the fields from which its pod's process is computed. */
export interface Workload extends KubeObject {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName?: string;
        readonly containers: readonly Container[];
        readonly initContainers?: readonly Container[];
        readonly volumes?: readonly PodVolume[];
      };
    };
  };
  readonly status?: { readonly availableReplicas?: number };
}

/** The process of Velero's container. */
export interface VeleroProcess {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Directory into which the AWS plugin's init container copies the plugin; undefined if the pod has no such init container. */
  readonly pluginDirectory?: string;
}

/**
 * The directory in which Velero looks for plugins (vmware-tanzu/velero, `pkg/cmd/server/config/config.go`, release-1.18), and into which the
 * init container of a plugin copies the plugin (vmware-tanzu/velero-plugin-for-aws, `Dockerfile`, main).
 */
const pluginDirectory = "/plugins";
const pluginTarget = "/target";

/**
 * Computes the process from the Deployment, as a kubelet would. The process has no separate file system, so each path below a volume's mount
 * becomes a path below the volume's directory.
 *
 * @param volumes directory with a folder for each of the pod's volumes
 * @throws Error if the Deployment uses a feature that the simulator does not provide
 */
export function veleroProcess(deployment: Workload, volumes: string): VeleroProcess {
  const { containers, initContainers = [] } = deployment.spec.template.spec;
  const container = containers.find(({ name }) => name === "velero");
  if (container === undefined) throw new Error("the Deployment has no container named velero");
  const inVolume = (path: string): string | undefined => below(container, path, volumes);
  const plugins = inVolume(pluginDirectory);
  if (plugins === undefined) throw new Error(`no volume is mounted at ${pluginDirectory}`);
  const env = (container.env ?? []).map(({ name, value, valueFrom }) => {
    if (valueFrom === undefined) return [name, inVolume(value ?? "") ?? value ?? ""] as const;
    if (valueFrom.fieldRef?.fieldPath !== "metadata.namespace") throw new Error(`the variable ${name} has a source that is not imitated`);
    return [name, deployment.metadata.namespace ?? ""] as const;
  });
  const plugin = initContainers.find(({ image }) => /\/velero-plugin-for-aws[:@]/.test(image));
  const copied = plugin && below(plugin, pluginTarget, volumes);
  return {
    args: [...(container.args ?? []), `--plugin-dir=${plugins}`],
    env: Object.fromEntries(env),
    ...(copied !== undefined && { pluginDirectory: copied }),
  };
}

/** The path of a container's file in the directory of the volume that is mounted there; undefined outside of volumes. */
function below({ volumeMounts = [] }: Container, path: string, volumes: string): string | undefined {
  const mount = volumeMounts.find(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`));
  return mount && join(volumes, mount.name, path.slice(mount.mountPath.length));
}
