import { load } from "js-yaml";
import { toYaml } from "../../lib/yaml";

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, unknown>> }[];
}

const CA_DATA = "certificate-authority-data";

/**
 * Adds a CA to an administrator's kubeconfig. It then trusts this CA as well as the cluster's own, so it works before, while and after the
 * API has a certificate of another CA.
 *
 * @param authority CA certificates in PEM format; if empty, the kubeconfig is returned unchanged.
 */
export function withTrustedCa(kubeconfig: string, authority: string): string {
  if (authority === "") return kubeconfig;
  const config = load(kubeconfig) as Kubeconfig;
  const clusters = config.clusters.map(({ cluster, ...rest }) => {
    const own = Buffer.from((cluster[CA_DATA] as string | undefined) ?? "", "base64").toString("utf8");
    const all = own.includes(authority.trim()) ? own : `${own.trimEnd()}\n${authority}`;
    return { ...rest, cluster: { ...cluster, [CA_DATA]: Buffer.from(all).toString("base64") } };
  });
  return toYaml({ ...config, clusters });
}

/**
 * Sets api-int as the TLS server name. For api-int the API always has the cluster's own certificate, so the kubeconfig still works when the
 * certificate of `api` is changed, removed or expired.
 */
export function withInternalServerName(kubeconfig: string, clusterDomain: string): string {
  const config = load(kubeconfig) as Kubeconfig;
  const clusters = config.clusters.map(({ cluster, ...rest }) => ({
    ...rest,
    cluster: { ...cluster, "tls-server-name": `api-int.${clusterDomain}` },
  }));
  return toYaml({ ...config, clusters });
}
