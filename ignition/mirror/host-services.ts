import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MirrorConfiguration } from "../../config/configuration";
import { environmentFile } from "../installer-host/installer-host";
import type { HostServices } from "../installer-host/services";
import { oneshot } from "../installer-host/units";
import { type ImageSetOptions, renderImageSet } from "./image-set";

/** Directory of the mirror's files on the installer host. */
const directory = "/etc/okd/mirror";

/** Seconds to wait for the registry and the tools, and then again for the pull secret. */
const waitSeconds = 1800;

export interface MirrorServiceOptions {
  readonly configuration: ImageSetOptions;
  readonly mirror: MirrorConfiguration;
  /** S3 bucket in which the host publishes the state of the mirror. */
  readonly bucket: string;
  /** ARN of the secret with the pull secret, including the registry's credentials, as `auth.json`. */
  readonly secretArn: string;
}

/** Key of the object in which the host publishes its progress; each combination of image set and source has its own key. */
export function mirrorStateKey({ configuration, mirror }: Pick<MirrorServiceOptions, "configuration" | "mirror">): string {
  const digest = createHash("sha256").update(renderImageSet(configuration)).update(JSON.stringify(mirror));
  return `mirror/${digest.digest("hex").slice(0, 16)}`;
}

/** The unit that mirrors the release when the host boots, and the files and secrets that it reads. */
export function mirrorServices(options: MirrorServiceOptions): HostServices {
  const { configuration, mirror, bucket, secretArn } = options;
  const archive = mirror.mode === "air-gapped" ? mirror.archive : undefined;
  const environment = {
    IMAGE_SET: `${directory}/image-set.yaml`,
    MIRROR_AUTHFILE: `${directory}/auth.json`,
    // oc-mirror does not know the key that signs OKD's releases, so it must ignore the signature. It verifies the images by the digests in their
    // names.
    MIRROR_FLAGS: configuration.distribution === "okd" ? "--ignore-release-signature" : "",
    MIRROR_TIMEOUT: String(waitSeconds),
    STATE_BUCKET: bucket,
    STATE_KEY: mirrorStateKey(options),
    ARCHIVE_BUCKET: archive?.bucket ?? "",
    ARCHIVE_PREFIX: archive === undefined || archive.prefix === "" ? "" : `${archive.prefix}/`,
  };
  const script = readFileSync(join(__dirname, "..", "installer-host", "scripts", "mirror.sh"), "utf8");
  return {
    files: [
      { path: "/usr/local/bin/okd-mirror", mode: 0o755, contents: script },
      { path: `${directory}/mirror.env`, mode: 0o644, contents: environmentFile(environment) },
      { path: `${directory}/image-set.yaml`, mode: 0o644, contents: renderImageSet(configuration) },
    ],
    secrets: [{ arn: secretArn, directory }],
    units: [
      oneshot({
        name: "okd-mirror",
        description: "Mirrors the release into the registry",
        command: "okd-mirror",
        after: ["okd-data-volume.service", "okd-registry-push.service", "okd-tools.service"],
        atBoot: true,
      }),
    ],
  };
}
