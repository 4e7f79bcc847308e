import type { Configuration } from "../config/configuration";
import { holdsUserinfo } from "../config/url";
import { noProxyList, usesProxy } from "./no-proxy";

/**
 * The proxy as environment variables for programs on the installer host; empty without a proxy. In addition to the cluster's exceptions,
 * the cluster's own names, the host itself and the instance metadata service are reached without the proxy.
 *
 * @throws Error if the proxy's URL contains a user or a password.
 */
export function proxyVariables(
  configuration: Pick<Configuration, "proxy" | "network" | "region" | "clusterDomain">,
): Readonly<Record<string, string>> {
  const { proxy, clusterDomain } = configuration;
  if (proxy === undefined) return {};
  const [http, https] = [proxy.httpProxy, proxy.httpsProxy].map((url) => {
    if (url !== undefined && holdsUserinfo(url)) {
      throw new Error(
        "the proxy's URL contains a user and a password, but every instance can read the installer host's user data: use a URL without them",
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
