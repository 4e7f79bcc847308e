import type { Api, KubeObject } from "../api";

/** A pod, with the fields that matter for a process in the place of its container. */
export interface Pod extends KubeObject {
  readonly spec: {
    readonly containers: readonly Container[];
    readonly volumes?: readonly {
      readonly name: string;
      readonly configMap?: { readonly name: string };
      readonly persistentVolumeClaim?: { readonly claimName: string };
    }[];
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** A container of a pod. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly Variable[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

interface Bound extends KubeObject {
  readonly spec: { readonly volumeName?: string; readonly csi?: { readonly volumeHandle: string } };
}

/** Whether kwok reports that the pod runs and is ready. */
export function isPodReady({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined && status?.conditions?.some((each) => each.type === "Ready" && each.status === "True") === true
  );
}

/** The container whose image has the name; undefined if the pod has no such container. */
export function containerOf({ spec }: Pod, image: string): Container | undefined {
  return spec.containers.find((each) => new RegExp(`/${image}(?:[:@]|$)`).test(each.image));
}

/**
 * The variables of a container, as the kubelet gives them.
 *
 * @throws Error for a source that is not imitated, and for a Secret without the key (the kubelet would wait for the key)
 */
export async function variablesOf(api: Api, namespace: string, { env = [] }: Container): Promise<Record<string, string>> {
  const entries = env.map(async ({ name, value, valueFrom }) => {
    if (valueFrom === undefined) return [name, value ?? ""] as const;
    const { secretKeyRef } = valueFrom;
    if (secretKeyRef === undefined) throw new Error(`the variable ${name} has a source that is not imitated`);
    const path = `/api/v1/namespaces/${namespace}/secrets/${secretKeyRef.name}`;
    const data = (await api.get<KubeObject & { data?: Record<string, string> }>(path))?.data ?? {};
    if (!Object.hasOwn(data, secretKeyRef.key)) throw new Error(`the Secret ${secretKeyRef.name} lacks the key ${secretKeyRef.key}`);
    return [name, Buffer.from(data[secretKeyRef.key], "base64").toString()] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Files of the ConfigMap that is mounted at a path of a container. @throws Error if no ConfigMap is mounted there */
export async function mountedFiles(api: Api, pod: Pod, container: Container, path: string): Promise<Readonly<Record<string, string>>> {
  const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === path);
  const name = pod.spec.volumes?.find((each) => each.name === mount?.name)?.configMap?.name;
  if (name === undefined) throw new Error(`no ConfigMap is mounted at ${path}`);
  const found = await api.get<KubeObject & { data?: Record<string, string> }>(
    `/api/v1/namespaces/${pod.metadata.namespace ?? ""}/configmaps/${name}`,
  );
  if (found === undefined) throw new Error(`the ConfigMap ${name} does not exist`);
  return found.data ?? {};
}

/** The handle of the volume that is mounted at a path of a container. @throws Error if no such volume is mounted there */
export async function mountedVolume(api: Api, pod: Pod, container: Container, path: string): Promise<string> {
  const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === path);
  const claim = pod.spec.volumes?.find((each) => each.name === mount?.name)?.persistentVolumeClaim?.claimName;
  if (claim === undefined) throw new Error(`no PersistentVolumeClaim is mounted at ${path}`);
  const bound = await api.get<Bound>(`/api/v1/namespaces/${pod.metadata.namespace ?? ""}/persistentvolumeclaims/${claim}`);
  const volume = bound?.spec.volumeName && (await api.get<Bound>(`/api/v1/persistentvolumes/${bound.spec.volumeName}`));
  const handle = volume ? volume.spec.csi?.volumeHandle : undefined;
  if (handle === undefined) throw new Error(`the claim ${claim} has no volume of a driver`);
  return handle;
}
