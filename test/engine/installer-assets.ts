import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { shellInput } from "../../components/installer/executor";
import { installerScript, readScript } from "../../components/installer/scripts";
import { parseConfiguration } from "../../config/parse";
import { decodeFiles, encodeFiles } from "../../ignition/file-transfer";
import { renderInstallConfig } from "../../ignition/install-config";
import { patchManifests } from "../../ignition/manifest-patches";

export interface AssetsOptions {
  readonly infraId: string;
  readonly clusterName: string;
  readonly baseDomain: string;
  readonly region: string;
  readonly privateZoneId: string;
  readonly workers: number;
  /** The user's tags; none by default. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Environment variables with the emulated AWS, and `openshift-install` on the PATH. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Writes the files of a small cluster with the real `openshift-install` and the program's own steps. Also makes the directory that
 * `wait-for` reads.
 */
export function makeAssets(directory: string, options: AssetsOptions): Record<string, string> {
  const { infraId, clusterName, baseDomain, region, workers } = options;
  const environment = {
    ...options.environment,
    AWS_REGION: region,
    OKD_RELEASE: "4.19.0",
    LOG_LEVEL: "info",
    INFRA_ID: infraId,
    CLUSTER_ID: "6d1a5b5e-6d3f-4b8a-9a5e-0123456789ab",
    OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
  };
  const configuration = parseConfiguration({
    "aws:region": region,
    clusterName,
    baseDomain,
    release: "4.19.0-okd-scos.1",
    zones: JSON.stringify([`${region}a`]),
    workerCount: String(workers),
    executor: "local",
    tags: JSON.stringify(options.tags ?? {}),
  });
  const context = { sshPublicKey: "", zones: configuration.zones, credentialsMode: "mint" } as const;
  const installConfig = renderInstallConfig(configuration, context);
  const step = (name: string, files: Record<string, string>) => {
    const input = shellInput(`${installerScript}\n${readScript(name)}`, encodeFiles(files));
    const { status, stdout, stderr } = spawnSync("bash", ["-s"], {
      env: environment,
      input,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0) throw new Error(stderr);
    return decodeFiles(stdout);
  };
  const patches = patchManifests(step("manifests", { "install-config.yaml": installConfig }), {
    infraId,
    mastersSchedulable: false,
    publish: "External",
    privateZoneId: options.privateZoneId,
  });
  const files = step("ignition", {
    "install-config.yaml": installConfig,
    "patches/removed": patches.remove.map((path) => `${path}\n`).join(""),
    ...Object.fromEntries(Object.entries(patches.write).map(([path, content]) => [`patches/${path}`, content])),
  });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true, mode: 0o700 });
    writeFileSync(join(directory, path), content, { mode: 0o600 });
  }
  return files;
}
