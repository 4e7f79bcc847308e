import { createServer, type IncomingMessage, type Server } from "node:http";
import { userOf } from "./access-token";
import type { Api } from "./api";

/** The part of a TokenReview that the stand-in reads (kubernetes/api, `authentication/v1/types.go`). */
interface Review {
  readonly spec?: { readonly token?: string };
}

/**
 * A stand-in for OpenShift's OAuth API server, which tells the API server to which user a token belongs. It listens on loopback.
 * Plain HTTP is enough: a program that could take over this port could also act as this process in other ways.
 */
export async function answerTokenReviews(port: number, api: Api): Promise<Server> {
  const server = createServer((message, response) => {
    review(message, api)
      .then((status) => {
        const answer = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", status };
        response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
      })
      .catch((error: unknown) => {
        response.writeHead(500).end(error instanceof Error ? error.message : String(error));
      });
  });
  await new Promise<void>((done, failed) => server.once("error", failed).listen(port, "127.0.0.1", done));
  return server;
}

async function review(message: IncomingMessage, api: Api): Promise<object> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { spec } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Review;
  const user = await userOf(api, spec?.token ?? "");
  if (user === undefined) return { authenticated: false };
  const { name, uid, groups } = user;
  return { authenticated: true, user: { username: name, uid, groups, extra: { "scopes.authorization.openshift.io": ["user:full"] } } };
}

/** The configuration with which the API server finds the stand-in: a kubeconfig without users. */
export function tokenReviewConfig(port: number): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "token-review", cluster: { server: `http://127.0.0.1:${port}/` } }],
    contexts: [{ name: "token-review", context: { cluster: "token-review", user: "" } }],
    "current-context": "token-review",
  });
}
