import * as ipaddr from "ipaddr.js";
import { isIP } from "node:net";
import { type Cidr, contains, enclosingCidr, formatCidr, parseCidr } from "../cidr";
import { type Finding, type Flaw, removeCommand, setCommand } from "../finding";
import { rule } from "../rule";
import { parseUrl, urlFlaw } from "../url";
import { TAKEN } from "./ranges";

/** A check for a proxy's URL. The installer takes http only for httpProxy (pkg/types/validation, validateProxy). */
export function proxyFlaw(schemes: readonly string[]): (text: string) => Flaw | undefined {
  return (text) =>
    urlFlaw(text, ({ scheme, path, query, fragment }) => {
      if (!schemes.includes(scheme)) return { wrong: `starts with ${scheme}://` };
      if (!["", "/"].includes(path) || query !== undefined || fragment !== undefined)
        return { wrong: "has a path, but a proxy is a host and a port" };
      return undefined;
    });
}

const DOMAIN = /^\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?$/;

/** Whether a text is a list of what is reached without the proxy: `*`, or addresses, ranges and domains with commas between. */
export function noProxyFlaw(text: string): Flaw | undefined {
  if (text === "*") return undefined;
  if (/\s/.test(text)) return { wrong: "has spaces in it", instead: text.replaceAll(/\s+/g, "") };
  for (const item of text.split(",")) {
    if (item.includes("*")) return { wrong: `has the wildcard ${JSON.stringify(item)}`, instead: text.replaceAll("*.", ".") };
    if (!isAddressOrRange(item) && !DOMAIN.test(item)) {
      return { wrong: `has an entry that is no address, range or domain: ${JSON.stringify(item)}` };
    }
  }
  return undefined;
}

/** An address or a range of either family; bits after a range's prefix are ignored (openshift/installer, validateProxy: net.ParseIP and net.ParseCIDR). */
function isAddressOrRange(item: string): boolean {
  const [address, prefix, ...more] = item.split("/");
  const family = address.includes("%") ? 0 : isIP(address);
  if (family === 0 || more.length > 0) return false;
  return (prefix as string | undefined) === undefined || (/^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/** Whether machines reach other hosts by https through the proxy: with noProxy * they do not. */
export function httpsIsProxied({ httpsProxy, noProxy }: { readonly httpsProxy: string; readonly noProxy: string }): boolean {
  return httpsProxy !== "" && noProxy !== "*";
}

/** Names the missing setting for a message, if {@link httpsIsProxied} is false. */
export function missingProxy(noProxy: string): string {
  return noProxy === "*" ? "httpsProxy in use (noProxy is *)" : "httpsProxy";
}

/** Exceptions from a proxy need a proxy. */
export const noProxyNeedsProxy = rule(["httpProxy", "httpsProxy", "noProxy"], ({ httpProxy, httpsProxy, noProxy }) => {
  if (noProxy === "" || httpProxy !== "" || httpsProxy !== "") return [];
  return [
    {
      key: "noProxy",
      wrong: "is set, but there is no proxy",
      allowed: "exceptions together with httpProxy or httpsProxy",
      fix: `${removeCommand("noProxy")}, or ${setCommand("httpsProxy", "http://proxy.example.com:3128")}`,
    },
  ];
});

/**
 * A proxy whose host is an IP address has one that the cluster can reach: not one of pods, services or OVN-Kubernetes (openshift/installer,
 * pkg/types/validation/installconfig.go, validateIPProxy, release-4.19), nor one that no other machine has. Names are not looked up.
 */
export const proxyIsOutsideOfTheCluster = rule(
  ["httpProxy", "httpsProxy", "clusterNetworkCidr", "serviceNetworkCidr"],
  ({ clusterNetworkCidr, serviceNetworkCidr, ...proxies }): Finding[] => {
    const ranges = [
      { range: parseCidr(clusterNetworkCidr), why: "whose addresses pods have (clusterNetworkCidr)" },
      { range: parseCidr(serviceNetworkCidr), why: "whose addresses services have (serviceNetworkCidr)" },
      ...TAKEN,
    ];
    return (["httpProxy", "httpsProxy"] as const).flatMap((key): Finding[] => {
      const address = proxies[key] === "" ? undefined : addressOf(parseUrl(proxies[key]).host);
      const found = address && ranges.find(({ range }) => contains(range, address));
      if (found === undefined) return [];
      return [
        {
          key,
          wrong: `has a host in ${formatCidr(found.range)}, ${found.why}: nodes and pods can't reach a proxy there`,
          allowed: "a proxy outside of the ranges of pods and services and of those that every node uses",
          fix: setCommand(key, "http://proxy.example.com:3128"),
        },
      ];
    });
  },
);

/** The IPv4 address that a URL's host is, also as an IPv6 address in brackets ([::ffff:10.0.0.1]); undefined for a name or another address. */
function addressOf(host: string): Cidr | undefined {
  const bare = host.replace(/^\[|\]$/g, "");
  return isIP(bare) === 0 || ipaddr.process(bare).kind() === "ipv6" ? undefined : enclosingCidr(`${ipaddr.process(bare).toString()}/32`);
}
