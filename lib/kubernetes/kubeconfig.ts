import { load } from "js-yaml";

/** The parts of a kubeconfig that are read. */
interface KubeconfigText {
  readonly clusters?: readonly {
    readonly cluster?: {
      readonly server?: string;
      readonly "certificate-authority-data"?: string;
      readonly "tls-server-name"?: string;
    };
  }[];
  readonly users?: readonly {
    readonly user?: { readonly "client-certificate-data"?: string; readonly "client-key-data"?: string; readonly token?: string };
  }[];
}

/** The API's URL and the user's credentials. Certificates and key are PEM texts; key and token are secret. */
export interface Kubeconfig {
  readonly server?: string;
  readonly serverName?: string;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly token?: string;
}

/** Reads a kubeconfig with one cluster and one user and embedded certificates. @throws Error if it is not YAML. */
export function parseKubeconfig(text: string): Kubeconfig {
  const { clusters, users } = (load(text) ?? {}) as KubeconfigText;
  const cluster = clusters?.[0]?.cluster ?? {};
  const user = users?.[0]?.user ?? {};
  const decoded = (name: string, data: string | undefined) =>
    data !== undefined && { [name]: Buffer.from(data, "base64").toString("utf8") };
  return {
    ...(cluster.server !== undefined && { server: cluster.server }),
    ...(cluster["tls-server-name"] !== undefined && { serverName: cluster["tls-server-name"] }),
    ...(user.token !== undefined && { token: user.token }),
    ...decoded("ca", cluster["certificate-authority-data"]),
    ...decoded("certificate", user["client-certificate-data"]),
    ...decoded("key", user["client-key-data"]),
  };
}
