import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ImageName } from "../../config/container-images";
import type { MirrorArchive } from "../../config/configuration";
import type { HostFile } from "./ignition-config";
import type { HostServices } from "./installer-host";
import { oneshot } from "./units";

/** Name of an image on an air-gapped host, which runs what its archive has under that name, whatever name it was saved with. */
export function archivedImage(name: ArchivedName): string {
  return `localhost/okd-aws/${name}:archive`;
}

/** Images of an archive, by their file's name without `.tar`. */
export type ArchivedName = Extract<ImageName, "aws-cli" | "registry" | "node" | "ssm-agent">;

const directory = "/var/lib/okd-images";

/** Place of something in an archive, as a URL. */
export function inArchive({ bucket, prefix }: MirrorArchive, path: string): string {
  return `s3://${[bucket, prefix, path].filter((part) => part !== "").join("/")}`;
}

/** Units that run a container, which would try in vain to pull its image. */
const needing = [
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
 * The container images that an air-gapped host runs, from its archive. Ignition fetches them, with the machine's profile: the command line of AWS, with
 * which everything else is fetched, is one of them.
 *
 * @param names of the files `images/<name>.tar` in the archive.
 */
export function archivedImages(archive: MirrorArchive, names: readonly ArchivedName[]): HostServices {
  const file = (name: ArchivedName): HostFile => {
    const key = inArchive(archive, `images/${name}.tar`).slice(`s3://${archive.bucket}/`.length);
    return { path: `${directory}/${name}.tar`, mode: 0o600, contents: { bucket: archive.bucket, key } };
  };
  const script = readFileSync(join(__dirname, "scripts", "load-images.sh"), "utf8");
  return {
    files: [{ path: "/usr/local/bin/okd-load-images", mode: 0o755, contents: script }, ...names.map(file)],
    secrets: [],
    units: [
      oneshot({
        name: "okd-images",
        description: "Loads the container images of this machine",
        command: `okd-load-images ${directory}`,
        before: needing,
        atBoot: true,
      }),
    ],
  };
}
