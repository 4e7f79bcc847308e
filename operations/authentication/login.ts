import { createHash } from "node:crypto";
import { rootCertificates } from "node:tls";
import type { ClusterClient } from "./cluster-client";
import { exchange } from "../https";

/** The client that programs log in as, by name and password (openshift/cluster-authentication-operator, its OAuth clients). */
const CLIENT = "openshift-challenging-client";

/** What came of a login: a token, or why there is none. */
export type Login = { readonly token: string } | { readonly refused: string };

/** Authorities of the router's certificate: the operator's own, as the cluster publishes it, and those that everybody trusts. */
export async function routerAuthorities(client: ClusterClient): Promise<readonly string[]> {
  const published = await client.get<{ data?: Record<string, string> }>(
    "/api/v1/namespaces/openshift-config-managed/configmaps/default-ingress-cert",
  );
  return [...rootCertificates, ...Object.values(published?.data ?? {})];
}

/**
 * Logs in by name and password, as `oc login` does: the challenge flow of OpenShift's OAuth server.
 *
 * @throws Error when the server doesn't answer, or answers what the flow doesn't know.
 */
export async function logIn(host: string, ca: readonly string[], user: string, password: string): Promise<Login> {
  const { status, headers } = await exchange(`https://${host}/oauth/authorize?client_id=${CLIENT}&response_type=token`, {
    ca,
    headers: {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
      // Without it there is no challenge (openshift/oauth-server, `pkg/server/tokenrequest`): a page can't make a browser send it.
      "x-csrf-token": "1",
    },
  });
  if (status === 401) return { refused: "name and password are not accepted" };
  const location = URL.canParse(headers.location ?? "") ? new URL(headers.location ?? "") : undefined;
  if (status !== 302 || location === undefined) throw new Error(`the OAuth server answers ${status}`);
  const token = new URLSearchParams(location.hash.slice(1)).get("access_token");
  if (token !== null) return { token };
  return { refused: location.searchParams.get("error_description") ?? location.searchParams.get("error") ?? "it gave no token" };
}

/** Ends a login: the cluster knows a token by its digest (openshift/library-go, `pkg/oauth`: `sha256~` and base64url). */
export async function logOut(client: ClusterClient, token: string): Promise<void> {
  await client.delete(`/apis/oauth.openshift.io/v1/oauthaccesstokens/${storedTokenName(token)}`);
}

export function storedTokenName(token: string): string {
  const digest = createHash("sha256")
    .update(token.replace(/^sha256~/, ""))
    .digest("base64url");
  return `sha256~${digest}`;
}
