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
  readonly storage: string;
}

const placesInContainer: RegistryPlaces = { address: `:${registryPort}`, secrets: "/etc/okd/registry", storage: "/var/lib/registry" };

/**
 * Configuration of the registry (distribution/distribution, `docs/content/about/configuration.md`).
 * @param readOnly whether nothing may be pushed, as while garbage is collected.
 */
export function registryConfiguration(readOnly: boolean, places: RegistryPlaces = placesInContainer): string {
  return dump({
    version: "0.1",
    log: { level: "info", accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: places.storage },
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
