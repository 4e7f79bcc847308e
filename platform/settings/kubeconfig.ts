import { load } from "js-yaml";
import { toYaml } from "../../config/yaml";

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, unknown>> }[];
}

const authorities = "certificate-authority-data";

/**
 * An administrator's kubeconfig that works before, while and after the API has a certificate of another authority: it trusts that one besides the
 * cluster's own.
 *
 * @param authority PEM; the kubeconfig stays as it is without one.
 */
export function trusting(kubeconfig: string, authority: string): string {
  if (authority === "") return kubeconfig;
  const config = load(kubeconfig) as Kubeconfig;
  const clusters = config.clusters.map(({ cluster, ...rest }) => {
    const own = Buffer.from((cluster[authorities] as string | undefined) ?? "", "base64").toString("utf8");
    const all = own.includes(authority.trim()) ? own : `${own.trimEnd()}\n${authority}`;
    return { ...rest, cluster: { ...cluster, [authorities]: Buffer.from(all).toString("base64") } };
  });
  return toYaml({ ...config, clusters });
}

/**
 * The same cluster, by the certificate that the API has for api-int, which is always its own: an administrator's program still reaches the
 * API when the certificate of `api` is changed, taken away or has run out.
 */
export function byInternalName(kubeconfig: string, clusterDomain: string): string {
  const config = load(kubeconfig) as Kubeconfig;
  const clusters = config.clusters.map(({ cluster, ...rest }) => ({
    ...rest,
    cluster: { ...cluster, "tls-server-name": `api-int.${clusterDomain}` },
  }));
  return toYaml({ ...config, clusters });
}
