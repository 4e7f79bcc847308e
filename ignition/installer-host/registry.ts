import { dump } from "js-yaml";

/** Port of the registry, the one that the distribution project documents and that mirrors usually have. */
export const registryPort = 5000;

/** The only user of the registry. */
export const registryUser = "okd";

/** The name that nodes pull from, and that the certificate is for. */
export function registryHost(clusterDomain: string): string {
  return `registry.${clusterDomain}`;
}

/** What the registry's secret holds: paths below the host's `/etc/okd`. */
export interface RegistrySecrets {
  /** The line that the registry checks passwords against. */
  readonly htpasswd: string;
  readonly password: string;
  /** PEM; the certificate's private key and the authority that signed it. */
  readonly certificate: string;
  readonly privateKey: string;
  readonly caCertificate: string;
}

/** The files of the registry and of its clients on the host: curl's and, in the form of a pull secret, those of podman and oc-mirror. */
export function registrySecretFiles(host: string, secrets: RegistrySecrets): Record<string, string> {
  const auth = Buffer.from(`${registryUser}:${secrets.password}`).toString("base64");
  return {
    "registry/htpasswd": secrets.htpasswd,
    "registry/tls.crt": secrets.certificate,
    "registry/tls.key": secrets.privateKey,
    "client/ca.crt": secrets.caCertificate,
    "client/auth.json": `${JSON.stringify({ auths: { [`${host}:${registryPort}`]: { auth } } })}\n`,
    "client/curl.conf": `user = "${registryUser}:${secrets.password}"\n`,
  };
}

/** Where the registry finds its things: in the container on the host, and elsewhere in tests. */
export interface RegistryPlaces {
  readonly address: string;
  /** With htpasswd, tls.crt and tls.key. */
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

export const placesInContainer: RegistryPlaces = {
  address: `:${registryPort}`,
  secrets: "/etc/okd/registry",
  storage: "/var/lib/registry",
};

/**
 * Configuration of the registry (distribution/distribution, `docs/content/about/configuration.md`).
 * @param readOnly whether nothing may be pushed, as while garbage is collected.
 */
export function registryConfiguration(readOnly: boolean, places: RegistryPlaces = placesInContainer): string {
  return dump({
    version: "0.1",
    log: { level: "info", accesslog: { disabled: true } },
    storage: {
      ...storageDriver(places.storage),
      delete: { enabled: true },
      cache: { blobdescriptor: "inmemory" },
      maintenance: { readonly: { enabled: readOnly } },
    },
    http: {
      addr: places.address,
      tls: { certificate: `${places.secrets}/tls.crt`, key: `${places.secrets}/tls.key`, minimumtls: "tls1.2" },
    },
    auth: { htpasswd: { realm: "registry", path: `${places.secrets}/htpasswd` } },
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
