import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Api } from "@okd-aws/sandbox/cluster/api-server";
import { answerTokenReviews, OAuthServer, routerCa, tokenReviewConfig } from "@okd-aws/sandbox/cluster/authentication";
import { freePort } from "@okd-aws/sandbox/free-port";
import type { PlatformProject, Surroundings } from "../platform-project";

export const oauthDomain = "demo.okd.example.com";

/**
 * The addresses of a cluster's OAuth server, available before the server runs: a port for token reviews, and a proxy that resolves the
 * server's name.
 */
export class OAuthWays {
  /** The port of the OAuth server; undefined until the server runs. */
  private port: number | undefined;

  private constructor(
    private readonly proxy: Server,
    readonly reviewPort: number,
    private readonly directory: string,
  ) {}

  static async open(directory: string): Promise<OAuthWays> {
    const proxy = createServer();
    const ways = new OAuthWays(proxy, await freePort(), directory);
    proxy.on("connect", (request, client) => {
      const server = request.url === `oauth-openshift.apps.${oauthDomain}:443` ? ways.port : undefined;
      if (server === undefined) return void client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      const upstream = connect(server, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(client).pipe(upstream);
      });
      for (const socket of [upstream, client]) socket.on("error", () => upstream.destroy());
    });
    await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
    writeFileSync(join(directory, "token-review.kubeconfig"), tokenReviewConfig(ways.reviewPort), { mode: 0o600 });
    return ways;
  }

  /** Environment variables with which programs resolve the cluster's names. */
  get environment(): NodeJS.ProcessEnv {
    return { HTTPS_PROXY: `http://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`, NO_PROXY: "127.0.0.1" };
  }

  get surroundings(): Surroundings {
    return {
      environment: this.environment,
      serverArguments: [
        `--authentication-token-webhook-config-file=${join(this.directory, "token-review.kubeconfig")}`,
        "--authentication-token-webhook-version=v1",
        "--authentication-token-webhook-cache-ttl=1s",
      ],
    };
  }

  /** Starts the simulator's OAuth server and its token review for the API server of a project. */
  async serve(project: PlatformProject): Promise<{ readonly api: Api; readonly close: () => void }> {
    const api = new Api(project.api.port, `api.${oauthDomain}`, project.api.administrator);
    const reviews = await answerTokenReviews(this.reviewPort, api);
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
    this.proxy.close();
    this.proxy.closeAllConnections();
  }
}
