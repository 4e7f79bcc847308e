import type { Configuration } from "../config/configuration";
import { holdsUserinfo } from "../config/url";
import { noProxyList, usesProxy } from "./no-proxy";

/**
 * The proxy as the variables that programs on the installer host know it by; none where there is none. Reached without it are the cluster's own names,
 * the machine itself and what EC2 tells it of itself, besides what the cluster reaches without it.
 *
 * @throws Error when the proxy's URL holds a user or a password.
 */
export function proxyVariables(
  configuration: Pick<Configuration, "proxy" | "network" | "region" | "clusterDomain">,
): Readonly<Record<string, string>> {
  const { proxy, clusterDomain } = configuration;
  if (proxy === undefined) return {};
  const [http, https] = [proxy.httpProxy, proxy.httpsProxy].map((url) => {
    if (url !== undefined && holdsUserinfo(url)) {
      throw new Error(
        "the proxy's URL holds a user and a password, and the installer host's user data can be read by every machine: use one without",
      );
    }
    return url;
  });
  const own = usesProxy(configuration) ? [`.${clusterDomain}`, "169.254.169.254", "127.0.0.1", "localhost"] : [];
  const none = [...noProxyList(configuration).split(",").filter(Boolean), ...own];
  return {
    ...(http !== undefined && { HTTP_PROXY: http, http_proxy: http }),
    ...(https !== undefined && { HTTPS_PROXY: https }),
    NO_PROXY: none.join(","),
  };
}
