import * as ipaddr from "ipaddr.js";
import { isIP } from "node:net";
import { type Cidr, contains, enclosingCidr, formatCidr, parseCidr } from "../cidr";
import { type KeyProblem, type ValueProblem, removeCommand, setCommand } from "../finding";
import { rule } from "../rule";
import { parseUrl, urlProblem } from "../url";
import { RESERVED } from "../network/fields";

/**
 * Returns a check for a proxy's URL. For httpProxy the installer accepts only http (openshift/installer, pkg/types/validation,
 * validateProxy).
 */
export function proxyProblem(schemes: readonly string[]): (text: string) => ValueProblem | undefined {
  return (text) =>
    urlProblem(text, ({ scheme, path, query, fragment }) => {
      if (!schemes.includes(scheme)) return { wrong: `starts with ${scheme}://` };
      if (!["", "/"].includes(path) || query !== undefined || fragment !== undefined)
        return { wrong: "has a path, but a proxy's URL has only host and port" };
      return undefined;
    });
}

const DOMAIN = /^\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?$/;

/** Checks noProxy: `*`, or comma-separated addresses, CIDR blocks and domains. */
export function noProxyProblem(text: string): ValueProblem | undefined {
  if (text === "*") return undefined;
  if (/\s/.test(text)) return { wrong: "has spaces in it", instead: text.replaceAll(/\s+/g, "") };
  for (const item of text.split(",")) {
    if (item.includes("*")) return { wrong: `has the wildcard ${JSON.stringify(item)}`, instead: text.replaceAll("*.", ".") };
    if (!isAddressOrRange(item) && !DOMAIN.test(item)) {
      return { wrong: `has an entry that is not an address, CIDR block or domain: ${JSON.stringify(item)}` };
    }
  }
  return undefined;
}

/**
 * Whether an item is an IPv4 or IPv6 address or CIDR block; bits after the prefix are ignored (openshift/installer, validateProxy:
 * net.ParseIP and net.ParseCIDR).
 */
function isAddressOrRange(item: string): boolean {
  const [address, prefix, ...more] = item.split("/");
  const family = address.includes("%") ? 0 : isIP(address);
  if (family === 0 || more.length > 0) return false;
  return (prefix as string | undefined) === undefined || (/^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/** Whether nodes use the proxy for https. With noProxy * they do not. */
export function httpsIsProxied({ httpsProxy, noProxy }: { readonly httpsProxy: string; readonly noProxy: string }): boolean {
  return httpsProxy !== "" && noProxy !== "*";
}

/** Names the missing setting in messages, for when {@link httpsIsProxied} is false. */
export function missingProxy(noProxy: string): string {
  return noProxy === "*" ? "httpsProxy in use (noProxy is *)" : "httpsProxy";
}

/** Exceptions need a proxy. */
export const noProxyNeedsProxy = rule(["httpProxy", "httpsProxy", "noProxy"], ({ httpProxy, httpsProxy, noProxy }) => {
  if (noProxy === "" || httpProxy !== "" || httpsProxy !== "") return [];
  return [
    {
      key: "noProxy",
      wrong: "is set, but there is no proxy",
      allowed: "only with httpProxy or httpsProxy",
      fix: `${removeCommand("noProxy")}, or ${setCommand("httpsProxy", "http://proxy.example.com:3128")}`,
    },
  ];
});

/**
 * If a proxy's host is an IP address, the cluster must be able to reach it: it must not be an address of pods, services or OVN-Kubernetes
 * (openshift/installer, pkg/types/validation/installconfig.go, validateIPProxy, release-4.19), nor one that no other host can have. Names
 * are not looked up.
 */
export const proxyIsOutsideOfTheCluster = rule(
  ["httpProxy", "httpsProxy", "clusterNetworkCidr", "serviceNetworkCidr"],
  ({ clusterNetworkCidr, serviceNetworkCidr, ...proxies }): KeyProblem[] => {
    const ranges = [
      { range: parseCidr(clusterNetworkCidr), why: "the pod network (clusterNetworkCidr)" },
      { range: parseCidr(serviceNetworkCidr), why: "the service network (serviceNetworkCidr)" },
      ...RESERVED,
    ];
    return (["httpProxy", "httpsProxy"] as const).flatMap((key): KeyProblem[] => {
      const address = proxies[key] === "" ? undefined : addressOf(parseUrl(proxies[key]).host);
      const found = address && ranges.find(({ range }) => contains(range, address));
      if (found === undefined) return [];
      return [
        {
          key,
          wrong: `has a host in ${formatCidr(found.range)}, ${found.why}; nodes and pods can't reach a proxy there`,
          allowed: "a proxy outside the pod and service networks and the CIDR blocks that every node uses",
          fix: setCommand(key, "http://proxy.example.com:3128"),
        },
      ];
    });
  },
);

/**
 * The IPv4 address of a URL's host, also if written as an IPv6 address ([::ffff:10.0.0.1]); undefined for a name or any other IPv6 address.
 */
function addressOf(host: string): Cidr | undefined {
  const bare = host.replace(/^\[|\]$/g, "");
  return isIP(bare) === 0 || ipaddr.process(bare).kind() === "ipv6" ? undefined : enclosingCidr(`${ipaddr.process(bare).toString()}/32`);
}
