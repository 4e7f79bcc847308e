import { request } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import { ProxyAgent } from "proxy-agent";
import { withTimeLimit } from "./time-limit";

/** A request, with the CAs that the connection trusts and its client certificate. */
export interface HttpsRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** PEM texts of the CAs to trust, one per CA or trust bundle; default: the system's. */
  readonly ca?: readonly string[];
  readonly certificate?: string;
  readonly key?: string;
  readonly serverName?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends one request, through the environment's proxy (HTTPS_PROXY, NO_PROXY). @throws Error if there is no answer in time. */
export function exchange(url: string, { method = "GET", headers, body, ca, certificate, key, serverName }: HttpsRequest): Promise<Reply> {
  const content = body === undefined ? undefined : JSON.stringify(body);
  return withTimeLimit(
    (signal) =>
      new Promise((resolve, reject) => {
        const options = {
          agent: new ProxyAgent(),
          method,
          signal,
          ...(ca && { ca: [...ca] }),
          cert: certificate,
          key,
          ...(serverName !== undefined && { servername: serverName }),
          headers: {
            accept: "application/json",
            connection: "close",
            ...(content !== undefined && { "content-type": "application/json", "content-length": String(Buffer.byteLength(content)) }),
            ...headers,
          },
        };
        request(new URL(url), options, (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("error", reject);
          response.on("end", () => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString("utf8") });
            // A tunnel through a proxy would stay open and keep the program running.
            response.socket.destroy();
          });
        })
          .on("error", reject)
          .end(content);
      }),
  );
}
