import { toYaml } from "../../config/yaml";

/** Port of the registry, the one that the distribution project documents and that mirrors usually have. */
export const registryPort = 5000;

/**
 * The registry's accounts. Its access control knows no rights (distribution/distribution, `docs/content/about/configuration.md`, "htpasswd"): whoever has a
 * password may do everything. So there are two registries on the same images, see {@link RegistryRole}, each with an account of its own.
 */
export const registryUsers = { push: "okd", pull: "okd-nodes" } as const;

/**
 * What a registry is for. `push` takes images, on the host's loopback address; `pull` is the one that nodes reach, and takes and deletes nothing. Both have
 * the same name, port and certificate: on the host the name stands for 127.0.0.1, everywhere else for the host's address.
 */
export type RegistryRole = keyof typeof registryUsers;

/** A way into one of the registries. */
export interface RegistryAccount {
  readonly user: string;
  readonly password: string;
}

/** The name that nodes pull from, and that the certificate is for. */
export function registryHost(clusterDomain: string): string {
  return `registry.${clusterDomain}`;
}

/** What the registry's secret holds. */
export interface RegistrySecrets {
  readonly accounts: Readonly<
    Record<RegistryRole, { readonly password: string; /** The password's bcrypt hash. */ readonly hash: string }>
  >;
  /** PEM; the certificate's private key and the authority that signed it. */
  readonly certificate: string;
  readonly privateKey: string;
  readonly caCertificate: string;
}

/** The entry of a registry in a pull secret. */
export function pullSecretEntry({ user, password }: RegistryAccount): { readonly auth: string } {
  return { auth: Buffer.from(`${user}:${password}`).toString("base64") };
}

/**
 * The files of the registries and of their clients on the host, by their paths below `/etc/okd`. `client/auth.json` has the form of a pull secret, for
 * podman and oc-mirror; the other clients' are curl's.
 */
export function registrySecretFiles(host: string, secrets: RegistrySecrets): Record<string, string> {
  const { accounts } = secrets;
  const files = (["push", "pull"] as const).flatMap((role) => [
    [`registry/htpasswd-${role}`, `${registryUsers[role]}:${accounts[role].hash}\n`],
    [`client/curl-${role}.conf`, `user = "${registryUsers[role]}:${accounts[role].password}"\n`],
  ]);
  const pushing = pullSecretEntry({ user: registryUsers.push, password: accounts.push.password });
  return {
    ...(Object.fromEntries(files) as Record<string, string>),
    "registry/tls.crt": secrets.certificate,
    "registry/tls.key": secrets.privateKey,
    "client/ca.crt": secrets.caCertificate,
    "client/auth.json": `${JSON.stringify({ auths: { [`${host}:${registryPort}`]: pushing } })}\n`,
  };
}

/** Where the registry finds its things: in the container on the host, and elsewhere in tests. */
export interface RegistryPlaces {
  readonly address: string;
  /** With the files of {@link registrySecretFiles} below `registry/`. */
  readonly secrets: string;
  /** A directory, or a bucket. */
  readonly storage: string | RegistryBucket;
}

/** A bucket that only the registry writes to. */
export interface RegistryBucket {
  readonly region: string;
  readonly bucket: string;
  /** Customer managed key; without it S3's own encrypts. */
  readonly kmsKeyArn?: string;
}

/** The address of the registry that nodes reach is not known here: the script that starts it sets `REGISTRY_HTTP_ADDR`. */
export const placesInContainer: RegistryPlaces = {
  address: `127.0.0.1:${registryPort}`,
  secrets: "/etc/okd/registry",
  storage: "/var/lib/registry",
};

export interface RegistryOptions {
  readonly role: RegistryRole;
  /** Whether garbage is collected: then the registry that otherwise takes images takes none. @default false */
  readonly collecting?: boolean;
}

/** Configuration of a registry (distribution/distribution, `docs/content/about/configuration.md`). */
export function registryConfiguration({ role, collecting = false }: RegistryOptions, places: RegistryPlaces = placesInContainer): string {
  const pushes = role === "push";
  return toYaml({
    version: "0.1",
    log: { level: "info", accesslog: { disabled: true } },
    storage: {
      ...storageDriver(places.storage),
      delete: { enabled: pushes },
      // What the other registry deletes would stay in this one's cache.
      ...(pushes && { cache: { blobdescriptor: "inmemory" } }),
      maintenance: {
        readonly: { enabled: !pushes || collecting },
        ...(!pushes && { uploadpurging: { enabled: false } }),
      },
    },
    http: {
      addr: places.address,
      tls: { certificate: `${places.secrets}/tls.crt`, key: `${places.secrets}/tls.key`, minimumtls: "tls1.2" },
    },
    auth: { htpasswd: { realm: "registry", path: `${places.secrets}/htpasswd-${role}` } },
  });
}

/** The driver's own name and parameters (distribution/distribution, `docs/content/storage-drivers/s3.md`); credentials are the machine's profile's. */
function storageDriver(storage: string | RegistryBucket): object {
  if (typeof storage === "string") return { filesystem: { rootdirectory: storage } };
  const { region, bucket, kmsKeyArn } = storage;
  return {
    s3: { region, bucket, encrypt: true, ...(kmsKeyArn !== undefined && { keyid: kmsKeyArn }) },
    // A node has a way to the registry, but perhaps none to S3, to which it would be sent.
    redirect: { disable: true },
  };
}
