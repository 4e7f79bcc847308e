import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { makePrivateDirectory, writePrivately } from "../../aws/private-file";
import type { Api, KubeObject } from "../api";
import type { PodVolume, TokenSource, Workload } from "./container";

/** The kubelet's defaults for a token: one hour, and the API server's own audience (kubernetes/api, `core/v1/types.go`, release-1.33). */
const defaultExpirationSeconds = 3600;

/**
 * Writes the volumes of a pod's process as the kubelet does: Secrets, tokens of the service account, and empty directories.
 *
 * @throws Error for a Secret that does not exist (the kubelet would wait for the Secret), and for all other kinds of
 * volumes
 */
export async function writeVolumes(api: Api, deployment: Workload, directory: string): Promise<void> {
  const { volumes = [] } = deployment.spec.template.spec;
  for (const volume of volumes) await writeVolume(api, deployment, volume, join(directory, volume.name));
}

async function writeVolume(api: Api, deployment: Workload, volume: PodVolume, directory: string): Promise<void> {
  const namespace = deployment.metadata.namespace ?? "";
  makePrivateDirectory(directory);
  if (volume.emptyDir !== undefined) return;
  if (volume.secret !== undefined) {
    const { secretName } = volume.secret;
    const secret = await api.get<KubeObject & { data?: Record<string, string> }>(`/api/v1/namespaces/${namespace}/secrets/${secretName}`);
    if (secret === undefined) throw new Error(`the Secret ${namespace}/${secretName} of its volume does not exist`);
    for (const [key, value] of Object.entries(secret.data ?? {}))
      writePrivately(join(directory, key), Buffer.from(value, "base64").toString());
    return;
  }
  const tokens = volume.projected?.sources.map(({ serviceAccountToken }) => serviceAccountToken);
  if (tokens === undefined || tokens.includes(undefined)) throw new Error(`the volume ${volume.name} has a source that is not imitated`);
  for (const token of tokens) if (token) await writeToken(api, deployment, token, directory);
}

/** Writes a token that the API server issues for the Deployment's service account. */
export async function writeToken(api: Api, deployment: Workload, source: TokenSource, directory: string): Promise<void> {
  const { metadata, spec } = deployment;
  const account = spec.template.spec.serviceAccountName ?? "default";
  const path = `/api/v1/namespaces/${metadata.namespace ?? ""}/serviceaccounts/${account}/token`;
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {
      expirationSeconds: source.expirationSeconds ?? defaultExpirationSeconds,
      ...(source.audience !== undefined && { audiences: [source.audience] }),
    },
  };
  const { status } = await api.send<{ status: { token: string } }>("POST", path, request);
  const file = join(directory, source.path);
  makePrivateDirectory(dirname(file));
  writePrivately(file, status.token);
}

/** Removes the volumes, whose files are secret. */
export function removeVolumes(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}
