import { load } from "js-yaml";
import { toYaml } from "../yaml";

/** The API's URL and the user's credentials. Certificates and key are PEM texts; key and token are secret. */
export interface Kubeconfig {
  readonly server?: string;
  /** Name for which the API's certificate is verified; default: the host of the server. */
  readonly serverName?: string;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly token?: string;
}

/**
 * The fields of a kubeconfig file that this module reads or sets; others are kept (kubernetes/client-go,
 * `tools/clientcmd/api/v1/types.go`).
 */
interface KubeconfigFile {
  readonly clusters?: readonly { readonly cluster?: ClusterFields }[];
  readonly users?: readonly {
    readonly user?: { readonly "client-certificate-data"?: string; readonly "client-key-data"?: string; readonly token?: string };
  }[];
}

interface ClusterFields {
  readonly server?: string;
  readonly "tls-server-name"?: string;
  /** PEM text in base64. */
  readonly "certificate-authority-data"?: string;
}

/** Reads the first cluster and user of a kubeconfig with embedded certificates. @throws Error if it is not YAML. */
export function parseKubeconfig(text: string): Kubeconfig {
  const { clusters, users } = readFile(text);
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

/**
 * Adds a trust bundle to a kubeconfig. The kubeconfig then trusts these CAs as well as the cluster's own, so it works before, while and
 * after the API has a certificate of another CA.
 *
 * @param bundle CA certificates in PEM format; if empty, the kubeconfig is returned unchanged.
 */
export function withTrustBundle(kubeconfig: string, bundle: string): string {
  if (bundle === "") return kubeconfig;
  return withClusters(kubeconfig, (cluster) => {
    const own = Buffer.from(cluster["certificate-authority-data"] ?? "", "base64").toString("utf8");
    const all = own.includes(bundle.trim()) ? own : `${own.trimEnd()}\n${bundle}`;
    return { ...cluster, "certificate-authority-data": Buffer.from(all).toString("base64") };
  });
}

/**
 * Sets api-int as the TLS server name. For api-int the API always has the cluster's own certificate, so the kubeconfig still works when the
 * certificate of `api` is changed, removed or expired.
 */
export function withInternalServerName(kubeconfig: string, clusterDomain: string): string {
  return withClusters(kubeconfig, (cluster) => ({ ...cluster, "tls-server-name": `api-int.${clusterDomain}` }));
}

/** A service account, and its token, which is secret. */
export interface TokenOwner {
  readonly name: string;
  readonly namespace: string;
  readonly token: string;
}

/**
 * The kubeconfig of a service account: server, CA and TLS server name of the administrator's kubeconfig, with the account's token in place
 * of the administrator's certificate and key.
 *
 * @throws Error if the administrator's kubeconfig names no server or no CA
 */
export function kubeconfigForToken(adminKubeconfig: string, { name, namespace, token }: TokenOwner): string {
  const {
    server,
    "certificate-authority-data": ca,
    "tls-server-name": serverName,
  } = readFile(adminKubeconfig).clusters?.[0]?.cluster ?? {};
  if (typeof server !== "string" || typeof ca !== "string")
    throw new Error(
      "the administrator's kubeconfig names no server or no certificate-authority-data; use the one that openshift-install wrote",
    );
  const cluster: ClusterFields = {
    server,
    "certificate-authority-data": ca,
    ...(serverName !== undefined && { "tls-server-name": serverName }),
  };
  return toYaml({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "cluster", cluster }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: "cluster", user: name, namespace } }],
    "current-context": name,
  });
}

function readFile(text: string): KubeconfigFile {
  return load(text) ?? {};
}

function withClusters(kubeconfig: string, change: (cluster: ClusterFields) => ClusterFields): string {
  const file = readFile(kubeconfig);
  const clusters = (file.clusters ?? []).map(({ cluster = {}, ...rest }) => ({ ...rest, cluster: change(cluster) }));
  return toYaml({ ...file, clusters });
}
