import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ImageName } from "../../config/container-images";
import type { MirrorArchive } from "../../config/configuration";
import type { HostFile } from "./ignition-config";
import type { HostServices } from "./services";
import { oneshot } from "./units";

/**
 * Name of an image on an air-gapped host. The host gives this name to the image from its archive, whatever name the image
 * was saved with.
 */
export function archivedImage(name: ArchivedName): string {
  return `localhost/okd-aws/${name}:archive`;
}

/** Images of an archive, by their file names without `.tar`. */
export type ArchivedName = Extract<ImageName, "aws-cli" | "registry" | "node" | "ssm-agent">;

const directory = "/var/lib/okd-images";

/** S3 URL of a path in an archive. */
export function archiveUrl({ bucket, prefix }: MirrorArchive, path: string): string {
  return `s3://${[bucket, prefix, path].filter((part) => part !== "").join("/")}`;
}

/** Units that run a container. They must start after the images are loaded, because pulling an image would fail. */
const containerUnits = [
  "okd-host-key",
  "okd-tools",
  "okd-secrets",
  "okd-registry-push",
  "okd-registry-pull",
  "okd-session-manager",
  "okd-publish-health",
  "certificate-approver",
].map((name) => `${name}.service`);

/**
 * The container images that an air-gapped host runs, from its archive. Ignition downloads them with the instance's role:
 * the host's scripts cannot, because the AWS command line with which they download is one of these images.
 *
 * @param names of the files `images/<name>.tar` in the archive.
 */
export function archivedImages(archive: MirrorArchive, names: readonly ArchivedName[]): HostServices {
  const file = (name: ArchivedName): HostFile => {
    const key = archiveUrl(archive, `images/${name}.tar`).slice(`s3://${archive.bucket}/`.length);
    return { path: `${directory}/${name}.tar`, mode: 0o600, contents: { bucket: archive.bucket, key } };
  };
  const script = readFileSync(join(__dirname, "scripts", "load-images.sh"), "utf8");
  return {
    files: [{ path: "/usr/local/bin/okd-load-images", mode: 0o755, contents: script }, ...names.map(file)],
    secrets: [],
    units: [
      oneshot({
        name: "okd-images",
        description: "Loads the container images of this host",
        command: `okd-load-images ${directory}`,
        before: containerUnits,
        atBoot: true,
      }),
    ],
  };
}
