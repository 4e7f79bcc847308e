import { isIP } from "node:net";
import { certificatesProblem } from "../certificates";
import type { ValueProblem } from "../problem";
import { rewriteCertificates } from "../pem";
import { urlProblem } from "../url";

/**
 * Returns a check for a proxy's URL. For httpProxy the installer accepts only http (openshift/installer, pkg/types/validation,
 * validateProxy).
 */
export function proxyProblem(schemes: readonly string[]): (text: string) => ValueProblem | undefined {
  return (text) =>
    urlProblem(text, ({ scheme, path, query, fragment }) => {
      if (!schemes.includes(scheme)) return { wrong: `starts with ${scheme}://` };
      const extra = [
        ...(["", "/"].includes(path) ? [] : ["a path"]),
        ...(query === undefined ? [] : ["a query"]),
        ...(fragment === undefined ? [] : ["a fragment"]),
      ];
      return extra.length === 0 ? undefined : { wrong: `has ${extra.join(" and ")}, but a proxy's URL ends after host and port` };
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

/** Whether nodes use a proxy for https: not if httpsProxy is empty or noProxy is `*`. */
export function httpsIsProxied({ httpsProxy, noProxy }: { readonly httpsProxy: string; readonly noProxy: string }): boolean {
  return httpsProxy !== "" && noProxy !== "*";
}

/** The setting that is missing if {@link httpsIsProxied} is false, for messages. */
export function missingProxy(noProxy: string): string {
  return noProxy === "*" ? "httpsProxy in use (noProxy is *)" : "httpsProxy";
}

const SET_BUNDLE = "pulumi config set additionalTrustBundle < ca-bundle.pem";

/**
 * EC2 allows 16 KB of user data (EC2 user guide, "Work with instance user data"). The user data of the first instances contains the trust
 * bundle in base64; the proxy and the address of the ignition config need the remaining space.
 */
const MAX_BUNDLE_BYTES = 10_000;

const bundleFormProblem = certificatesProblem(SET_BUNDLE);

/** Checks the certificates that every instance trusts. */
export function trustBundleProblem(text: string): ValueProblem | undefined {
  const problem = bundleFormProblem(text);
  if (problem) return problem;
  const bytes = rewriteCertificates(text).length;
  if (bytes <= MAX_BUNDLE_BYTES) return undefined;
  return {
    wrong: `has ${bytes} bytes, more than fit into the instances' user data`,
    allowed: `PEM certificates of at most ${MAX_BUNDLE_BYTES} bytes in total, which is five to ten certificates`,
    fix: `keep only the CAs of your proxy and your mirror, then ${SET_BUNDLE}`,
  };
}
