/** A file that ignition writes. */
export interface HostFile {
  readonly path: string;
  /** File permissions, such as 0o644. */
  readonly mode: number;
  /** The file's text, or an S3 object that the instance's role may read, with its checksum if the program knows it. */
  readonly contents: string | { readonly bucket: string; readonly key: string; readonly sha256?: string };
}

/** A systemd unit. */
export interface HostUnit {
  readonly name: string;
  readonly contents: string;
  /** Whether the unit starts at boot; false for a unit that a timer starts. */
  readonly enabled: boolean;
}

/** Everything that ignition sets up on an instance. */
export interface HostSetUp {
  /** Public SSH keys of the user core in OpenSSH's format. */
  readonly sshPublicKeys: readonly string[];
  readonly directories: readonly { readonly path: string; readonly mode: number }[];
  readonly files: readonly HostFile[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly units: readonly HostUnit[];
}

/**
 * An ignition config (coreos/ignition, `docs/configuration-v3_2.md`). Its contents are not compressed: different builds of zlib produce
 * different output for the same text, and a changed config replaces the instance.
 */
export function ignitionConfig(setUp: HostSetUp): string {
  return JSON.stringify({
    ignition: { version: "3.2.0" },
    passwd: { users: [{ name: "core", sshAuthorizedKeys: setUp.sshPublicKeys }] },
    storage: {
      directories: setUp.directories,
      files: setUp.files.map(ignitionFile),
      links: setUp.links,
    },
    systemd: { units: setUp.units },
  });
}

/** A file in ignition's format. */
export function ignitionFile({ path, mode, contents }: HostFile): object {
  return { path, mode, overwrite: true, contents: source(contents) };
}

function source(contents: HostFile["contents"]): object {
  if (typeof contents === "string") return { source: `data:;base64,${Buffer.from(contents).toString("base64")}` };
  const { bucket, key, sha256 } = contents;
  return { source: `s3://${bucket}/${key}`, ...(sha256 !== undefined && { verification: { hash: `sha256-${sha256}` } }) };
}
