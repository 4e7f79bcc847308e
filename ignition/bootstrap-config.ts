import type { Manifests } from "./manifests";

interface IgnitionConfig {
  readonly storage?: { readonly files?: readonly { readonly path: string; readonly contents?: { readonly source?: string } }[] };
}

/** Directories of the bootstrap instance with the manifests that it applies to the new cluster. */
const manifestDirectories = /^\/opt\/openshift\/(manifests|openshift)\//;

/**
 * The manifests in a bootstrap ignition config, by their path on the instance. The bootstrap instance installs exactly
 * these manifests.
 *
 * @throws Error if a manifest's content is not a base64 data URL, which is the format that the installer writes.
 */
export function manifestsIn(bootstrapIgnition: string): Manifests {
  const config = JSON.parse(bootstrapIgnition) as IgnitionConfig;
  const manifests: Record<string, string> = {};
  for (const { path, contents } of config.storage?.files ?? []) {
    if (!manifestDirectories.test(path) || !/\.ya?ml$/.test(path)) continue;
    const encoded = /^data:[^,]*;base64,(.*)$/s.exec(contents?.source ?? "")?.[1];
    if (encoded === undefined) throw new Error(`${path} in bootstrap.ign is not a base64 data URL, so it can't be checked`);
    manifests[path] = Buffer.from(encoded, "base64").toString("utf8");
  }
  return manifests;
}
