/** A file of a machine that is set up by ignition. */
export interface HostFile {
  readonly path: string;
  /** Permissions, such as 0o644. */
  readonly mode: number;
  /** Its text, or an object in S3 that the machine's profile may read, with its checksum where the program knows it. */
  readonly contents: string | { readonly bucket: string; readonly key: string; readonly sha256?: string };
}

/** A systemd unit. */
export interface HostUnit {
  readonly name: string;
  readonly contents: string;
  /** Whether it starts at boot; a unit that a timer starts doesn't. */
  readonly enabled: boolean;
}

/** Everything that ignition puts onto a machine. */
export interface HostSetUp {
  /** OpenSSH public keys of the user core. */
  readonly sshPublicKeys: readonly string[];
  readonly directories: readonly { readonly path: string; readonly mode: number }[];
  readonly files: readonly HostFile[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly units: readonly HostUnit[];
}

/**
 * An ignition config (coreos/ignition, `docs/configuration-v3_2.md`). Nothing in it is compressed: zlib's builds differ in what
 * they make of one text, and another config means another machine.
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

/** A file as ignition has it. */
export function ignitionFile({ path, mode, contents }: HostFile): object {
  return { path, mode, overwrite: true, contents: source(contents) };
}

function source(contents: HostFile["contents"]): object {
  if (typeof contents === "string") return { source: `data:;base64,${Buffer.from(contents).toString("base64")}` };
  const { bucket, key, sha256 } = contents;
  return { source: `s3://${bucket}/${key}`, ...(sha256 !== undefined && { verification: { hash: `sha256-${sha256}` } }) };
}
