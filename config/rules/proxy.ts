import { isIP } from "node:net";
import { type Flaw, removeCommand, setCommand } from "../finding";
import { rule } from "../rule";
import { urlFlaw } from "../url";

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
