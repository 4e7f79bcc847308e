import { request as httpsRequest } from "node:https";
import { dump } from "js-yaml";

/** The identity of an API call: a user that the administrator impersonates, or the holder of a token. */
export type Identity = { readonly user: string; readonly groups?: readonly string[] } | { readonly token: string };

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Where an API server is, and how a client connects as the administrator. */
export interface KubeAccess {
  readonly port: number;
  /** The CA of the server's certificate, PEM. */
  readonly ca: string;
  readonly token: string;
}

/** A client of an API server on this machine, with the administrator's token. */
export class KubeClient {
  constructor(readonly administrator: KubeAccess) {}

  get port(): number {
    return this.administrator.port;
  }

  /** The administrator's kubeconfig. @param server URL of the API server, or of a proxy in front of it */
  adminKubeconfig(server: string): string {
    const { ca, token } = this.administrator;
    return dump({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "cluster", cluster: { server, "certificate-authority-data": Buffer.from(ca).toString("base64") } }],
      users: [{ name: "admin", user: { token } }],
      contexts: [{ name: "admin", context: { cluster: "cluster", user: "admin" } }],
      "current-context": "admin",
    });
  }

  async call(method: string, path: string, body?: unknown, identity?: Identity): Promise<Answer> {
    const { port, ca, token } = this.administrator;
    const headers: Record<string, string | string[]> = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
    if (identity !== undefined && "token" in identity) headers.Authorization = `Bearer ${identity.token}`;
    else if (identity !== undefined) {
      headers["Impersonate-User"] = identity.user;
      if (identity.groups !== undefined) headers["Impersonate-Group"] = [...identity.groups];
    }
    return new Promise((resolve, reject) => {
      const call = httpsRequest({ host: "127.0.0.1", port, method, path, headers, ca, agent: false, timeout: 20_000 }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, body: text.startsWith("{") ? (JSON.parse(text) as Answer["body"]) : { text } });
        });
      });
      call.on("error", reject).on("timeout", () => call.destroy(new Error("the API server does not answer")));
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** @throws Error if the request does not succeed */
  async must(method: string, path: string, body?: unknown, identity?: Identity): Promise<Answer["body"]> {
    const answer = await this.call(method, path, body, identity);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}
