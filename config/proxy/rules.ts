import * as ipaddr from "ipaddr.js";
import { isIP } from "node:net";
import { type Cidr, contains, enclosingCidr, formatCidr, parseCidr } from "../cidr";
import { type KeyProblem, removeCommand, setCommand } from "../problem";
import { RESERVED } from "../network/fields";
import { rule } from "../rule";
import { parseUrl } from "../url";

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
 * (openshift/installer, pkg/types/validation/installconfig.go, validateIPProxy, release-4.19), nor a reserved address that no other host
 * can have. The rule does not look up names in DNS.
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
