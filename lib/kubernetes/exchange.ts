import type { Kubeconfig } from "./kubeconfig";
import { exchange, type HttpsRequest, type Reply } from "../https";

/**
 * Sends one request to a cluster's API as the kubeconfig's user. Returns the answer whatever its status.
 *
 * @throws Error if there is no answer in time.
 */
export async function kubeExchange(
  { server = "", serverName, ca, certificate, key, token }: Kubeconfig,
  path: string,
  { headers, ...request }: Pick<HttpsRequest, "method" | "body" | "headers"> = {},
): Promise<Reply> {
  return exchange(new URL(path, server).href, {
    ...request,
    ...(ca !== undefined && { ca: [ca] }),
    ...(serverName !== undefined && { serverName }),
    ...(certificate !== undefined && { certificate }),
    ...(key !== undefined && { key }),
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
  });
}
