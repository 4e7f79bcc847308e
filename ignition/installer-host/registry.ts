import { toYaml } from "../../lib/yaml";

/** Port of the registry: the one that the distribution project documents and that mirrors usually use. */
export const registryPort = 5000;

/**
 * The registry's accounts. The registry's access control has no permissions (distribution/distribution,
 * `docs/content/about/configuration.md`, "htpasswd"): every account may do everything. So two registries serve the same images, see
 * {@link RegistryRole}, each with its own account.
 */
export const registryUsers = { push: "okd", pull: "okd-nodes" } as const;

/**
 * Role of a registry. `push` accepts pushes, on the host's loopback address. `pull` is the one that nodes use; it is read-only. Both have
 * the same name, port and certificate: on the host the name resolves to 127.0.0.1, everywhere else to the host's address.
 */
export type RegistryRole = keyof typeof registryUsers;

/** Credentials for one of the registries. */
export interface RegistryAccount {
  readonly user: string;
  readonly password: string;
}

/** CA and password with which nodes pull from the registry. */
export interface RegistryAccess {
  /** CA certificate in PEM format. */
  readonly caCertificate: string;
  /** Password of the account that can only pull. */
  readonly pullPassword: string;
}

/** The registry's host name, which nodes use and which is in the certificate. */
export function registryHost(clusterDomain: string): string {
  return `registry.${clusterDomain}`;
}

/** Contents of the registry's secret. */
export interface RegistrySecrets {
  readonly accounts: Readonly<
    Record<RegistryRole, { readonly password: string; /** The password's bcrypt hash. */ readonly hash: string }>
  >;
  /** The certificate, its private key and the CA certificate, in PEM format. */
  readonly certificate: string;
  readonly privateKey: string;
  readonly caCertificate: string;
}

/** A registry's entry in a pull secret. */
export function pullSecretEntry({ user, password }: RegistryAccount): { readonly auth: string } {
  return { auth: Buffer.from(`${user}:${password}`).toString("base64") };
}

/**
 * The files of the registries and of their clients on the host, by their paths below `/etc/okd`. `client/auth.json` has the format of a
 * pull secret, for podman and oc-mirror; the other clients' files are for curl.
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

/** Address and paths of a registry: in its container on the host, or in tests. */
export interface RegistryPlaces {
  readonly address: string;
  /** Directory with the `registry/` files of {@link registrySecretFiles}. */
  readonly secrets: string;
  /** Directory or bucket with the images. */
  readonly storage: string | RegistryBucket;
}

/** A bucket to which only the registry writes. */
export interface RegistryBucket {
  readonly region: string;
  readonly bucket: string;
  /** Customer managed KMS key; without it S3's own key encrypts. */
  readonly kmsKeyArn?: string;
}

/** The address on which the `pull` registry listens is not known here: the script that starts it sets `REGISTRY_HTTP_ADDR`. */
export const placesInContainer: RegistryPlaces = {
  address: `127.0.0.1:${registryPort}`,
  secrets: "/etc/okd/registry",
  storage: "/var/lib/registry",
};

export interface RegistryOptions {
  readonly role: RegistryRole;
  /** Whether the configuration is for garbage collection, during which the `push` registry is read-only. @default false */
  readonly collecting?: boolean;
}

/** Configuration of a registry (distribution/distribution, `docs/content/about/configuration.md`). */
export function registryConfiguration({ role, collecting = false }: RegistryOptions, places: RegistryPlaces): string {
  const pushes = role === "push";
  return toYaml({
    version: "0.1",
    log: { level: "info", accesslog: { disabled: true } },
    storage: {
      ...storageDriver(places.storage),
      delete: { enabled: pushes },
      // The `pull` registry must not cache: its cache would keep what the other registry deletes.
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

/**
 * Storage driver with its own parameters (distribution/distribution, `docs/content/storage-drivers/s3.md`); credentials come from the
 * instance's role.
 */
function storageDriver(storage: string | RegistryBucket): object {
  if (typeof storage === "string") return { filesystem: { rootdirectory: storage } };
  const { region, bucket, kmsKeyArn } = storage;
  return {
    s3: { region, bucket, encrypt: true, ...(kmsKeyArn !== undefined && { keyid: kmsKeyArn }) },
    // No redirects to S3: nodes reach the registry, but perhaps not S3.
    redirect: { disable: true },
  };
}
