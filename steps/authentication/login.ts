import { createHash } from "node:crypto";
import { rootCertificates } from "node:tls";
import type { ClusterClient } from "../../lib/kubernetes/client";
import { exchange } from "../../lib/https";

/** OAuth client for logins of programs by name and password (openshift/cluster-authentication-operator, its OAuth clients). */
const CLIENT = "openshift-challenging-client";

/** The result of a login: a token, or why it was refused. */
export type Login = { readonly token: string } | { readonly refused: string };

/** CAs for the router's certificate: the ingress operator's CA, which the cluster publishes, and the public CAs. */
export async function routerCas(client: ClusterClient): Promise<readonly string[]> {
  const published = await client.get<{ data?: Record<string, string> }>(
    "/api/v1/namespaces/openshift-config-managed/configmaps/default-ingress-cert",
  );
  return [...rootCertificates, ...Object.values(published?.data ?? {})];
}

/**
 * Logs in by name and password, as `oc login` does: the challenge flow of OpenShift's OAuth server.
 *
 * @throws Error if the server doesn't answer, or if the answer is not part of the flow.
 */
export async function logIn(host: string, ca: readonly string[], user: string, password: string): Promise<Login> {
  const { status, headers } = await exchange(`https://${host}/oauth/authorize?client_id=${CLIENT}&response_type=token`, {
    ca,
    headers: {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
      // Required for the challenge flow (openshift/oauth-server, `pkg/server/tokenrequest`): a web page can't make a browser send this header.
      "x-csrf-token": "1",
    },
  });
  if (status === 401) return { refused: "name and password are not accepted" };
  const location = URL.canParse(headers.location ?? "") ? new URL(headers.location ?? "") : undefined;
  if (status !== 302 || location === undefined) throw new Error(`the OAuth server answered with status ${status}`);
  const token = new URLSearchParams(location.hash.slice(1)).get("access_token");
  if (token !== null) return { token };
  return {
    refused: location.searchParams.get("error_description") ?? location.searchParams.get("error") ?? "the server returned no token",
  };
}

/** Logs out: deletes the token, which the cluster stores under its digest (openshift/library-go, `pkg/oauth`: `sha256~` and base64url). */
export async function logOut(client: ClusterClient, token: string): Promise<void> {
  await client.delete(`/apis/oauth.openshift.io/v1/oauthaccesstokens/${storedTokenName(token)}`);
}

export function storedTokenName(token: string): string {
  const digest = createHash("sha256")
    .update(token.replace(/^sha256~/, ""))
    .digest("base64url");
  return `sha256~${digest}`;
}
