import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Api } from "@okd-aws/sandbox/cluster/api-server";
import { answerTokenReviews, OAuthServer, routerCa } from "@okd-aws/sandbox/cluster/authentication";
import type { PlatformProject } from "../platform-project";

export const oauthDomain = "demo.okd.example.com";

/** A proxy that resolves the name of a cluster's OAuth server. It answers with 502 until the OAuth server runs. */
export class OAuthProxy {
  /** The port of the OAuth server; undefined until the server runs. */
  private port: number | undefined;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<OAuthProxy> {
    const server = createServer();
    const proxy = new OAuthProxy(server);
    server.on("connect", (request, client) => {
      const port = request.url === `oauth-openshift.apps.${oauthDomain}:443` ? proxy.port : undefined;
      if (port === undefined) return void client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      const upstream = connect(port, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(client).pipe(upstream);
      });
      for (const socket of [upstream, client]) socket.on("error", () => upstream.destroy());
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return proxy;
  }

  /** Environment variables with which programs resolve the cluster's names. */
  get environment(): NodeJS.ProcessEnv {
    return { HTTPS_PROXY: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`, NO_PROXY: "127.0.0.1" };
  }

  /** Starts the simulator's OAuth server and its token review for the API server of a `PlatformProject`. */
  async serve(project: PlatformProject): Promise<{ readonly api: Api; readonly close: () => void }> {
    const api = new Api(project.api.port, `api.${oauthDomain}`, project.api.administrator);
    const reviews = await answerTokenReviews(project.tokenReviewPort, api);
    const { cert } = await routerCa(api);
    await api.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "default-ingress-cert", namespace: "openshift-config-managed" },
      data: { "ca-bundle.crt": cert },
    });
    const oauth = await OAuthServer.start(api, oauthDomain);
    this.port = oauth.port;
    const close = () => {
      oauth.close();
      reviews.close();
      reviews.closeAllConnections();
      api.close();
    };
    return { api, close };
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
