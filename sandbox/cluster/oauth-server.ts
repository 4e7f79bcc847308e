import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { compare } from "bcryptjs";
import { issueToken, kubeAdmin, kubeAdminSecret } from "./access-token";
import type { Api, KubeObject } from "./api";
import { logInByFile } from "./htpasswd-login";
import { routerCertificate } from "./router-ca";

/** The OAuth client for logins with name and password (openshift/cluster-authentication-operator, its OAuth clients). */
const challengingClient = "openshift-challenging-client";

/** Host name of a cluster's OAuth server. It does not come from the program (`oauthHost`): a wrong name there must fail in the sandbox. */
export function oauthRouteHost(domain: string): string {
  return `oauth-openshift.apps.${domain}`;
}

/**
 * A stand-in for OpenShift's OAuth server, at the name of its route and with the router's certificate. It implements the challenge flow of
 * `oc login` for `kubeadmin` and for users of HTPasswd identity providers. In this flow a client sees only one difference: a changed
 * provider takes effect at once, while the real servers are restarted first. There are no login pages and no other types of identity
 * providers.
 */
export class OAuthServer {
  private constructor(
    private readonly server: Server,
    /** The loopback port of the server. */
    readonly port: number,
  ) {}

  static async start(api: Api, domain: string): Promise<OAuthServer> {
    const server = createServer(await routerCertificate(api, domain), (message, response) => {
      answer(api, domain, message, response).catch((error: unknown) => {
        response.writeHead(500).end(error instanceof Error ? error.message : String(error));
      });
    });
    await new Promise<void>((done, failed) => server.once("error", failed).listen(0, "127.0.0.1", done));
    return new OAuthServer(server, (server.address() as AddressInfo).port);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

async function answer(api: Api, domain: string, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(message.url ?? "/", `https://${oauthRouteHost(domain)}`);
  if (pathname === "/healthz") return void response.end("ok");
  if (pathname !== "/oauth/authorize") return void response.writeHead(404).end();
  if (searchParams.get("client_id") !== challengingClient || searchParams.get("response_type") !== "token") {
    response.writeHead(400, { "Content-Type": "application/json" });
    return void response.end(
      JSON.stringify({ error: "unauthorized_client", error_description: "the sandbox implements only the challenge flow of oc login" }),
    );
  }
  // A web page can't make a browser send this header, so no page can make the browser show a password prompt.
  if (message.headers["x-csrf-token"] === undefined) {
    const warning = '199 Origin "A non-empty X-CSRF-Token header is required to receive basic-auth challenges"';
    return void response.writeHead(401, { Warning: warning }).end();
  }
  const [name, password] = basicCredentials(message.headers.authorization);
  const user = name === "kubeadmin" ? await bootstrapUser(api, password) : await logInByFile(api, name, password);
  if (user === undefined) return void response.writeHead(401, { "WWW-Authenticate": 'Basic realm="openshift"' }).end();
  const { token, lifetimeSeconds } = await issueToken(api, user, challengingClient);
  const fragment = new URLSearchParams({
    access_token: token,
    expires_in: String(lifetimeSeconds),
    scope: "user:full",
    token_type: "Bearer",
  });
  response.writeHead(302, { Location: `https://${oauthRouteHost(domain)}/oauth/token/implicit#${fragment.toString()}` }).end();
}

function basicCredentials(header = ""): [name: string, password: string] {
  const text = Buffer.from(/^Basic (\S+)$/i.exec(header)?.[1] ?? "", "base64").toString("utf8");
  const colon = text.indexOf(":");
  return [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)];
}

/** `kubeadmin` exists as long as the installer's Secret does. */
async function bootstrapUser(api: Api, password: string): Promise<typeof kubeAdmin | undefined> {
  const secret = await api.get<KubeObject & { data?: { kubeadmin?: string } }>(kubeAdminSecret);
  const digest = Buffer.from(secret?.data?.kubeadmin ?? "", "base64").toString("utf8");
  return digest !== "" && (await compare(password, digest)) ? kubeAdmin : undefined;
}
