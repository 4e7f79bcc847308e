import { key, MAX_PEM_CHARACTERS, text } from "../key";
import { noProxyProblem, proxyProblem, trustBundleProblem } from "./fields";

/** Room for some hundred entries; this project's choice. */
const MAX_NO_PROXY_CHARACTERS = 10_000;

/** Keys for the nodes' proxy, and for CAs such as the proxy's. */
export const proxyKeys = {
  httpProxy: key(text(proxyProblem(["http"])), {
    description: "Proxy for the nodes' http requests. Special characters in user and password must be percent-encoded: @ as %40, % as %25.",
    allowed: "a URL http://[user:password@]host:port, outside the pod and service networks",
    example: "http://proxy.example.com:3128",
    source: "OpenShift (proxy.httpProxy)",
    credentials: true,
    whenEmpty: "none",
  }),
  httpsProxy: key(text(proxyProblem(["http", "https"])), {
    description: "Proxy for the nodes' https requests, with user and password as in httpProxy.",
    allowed: "a URL http://[user:password@]host:port or https://[user:password@]host:port, outside the pod and service networks",
    example: "http://proxy.example.com:3128",
    source: "OpenShift (proxy.httpsProxy)",
    credentials: true,
    whenEmpty: "none",
  }),
  noProxy: key(text(noProxyProblem, "", MAX_NO_PROXY_CHARACTERS), {
    description:
      "Destinations that are reached without the proxy, in addition to the destinations that the cluster adds. With *, nothing goes through the proxy, and the cluster adds no destinations.",
    allowed: "comma-separated addresses, CIDR blocks and domains (a leading dot means only subdomains), or *",
    example: ".internal.example.com,10.20.0.0/16",
    source: "OpenShift (proxy.noProxy)",
    whenEmpty: "only the destinations that the cluster adds",
  }),
  additionalTrustBundle: key(text(trustBundleProblem, "", MAX_PEM_CHARACTERS), {
    description: "Certificates of CAs that every instance trusts, such as the CA of a proxy or a mirror.",
    allowed: "PEM certificates, at most 10,000 bytes in total; comments between them are removed",
    example: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
    source: "OpenShift (additionalTrustBundle)",
    whenEmpty: "none",
  }),
} as const;
