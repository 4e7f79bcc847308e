import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import type { ClusterClient } from "../../lib/kubernetes/client";

interface Data {
  readonly data?: Readonly<Partial<Record<string, string>>>;
}

/**
 * The certificates that a user of the cluster's routes trusts:
 * - the CAs of Node.js and of NODE_EXTRA_CA_CERTS;
 * - the CA with which the ingress operator signs certificates; only its certificate is used, not its key;
 * - the default router's certificates (openshift/cluster-ingress-operator, `pkg/operator/controller/names.go` and
 *   `certificate-publisher/publish_ca.go`, release-4.19);
 * - the user's trust bundle (openshift/api, `config/v1/types_proxy.go`: trustedCA, release-4.19).
 *
 * Node.js uses only the root certificates in this list. So if a router's certificate comes from a private CA, the list must contain this
 * CA.
 *
 * @param extraFile file with more CAs. It must be read here, because Node.js itself uses NODE_EXTRA_CA_CERTS only for connections without
 * an explicit list of CAs.
 */
export async function routeAuthorities(
  client: Pick<ClusterClient, "get">,
  extraFile = process.env.NODE_EXTRA_CA_CERTS,
): Promise<readonly string[]> {
  const bundle = async (namespace: string, name: string): Promise<string | undefined> =>
    (await client.get<Data>(`/api/v1/namespaces/${namespace}/configmaps/${name}`))?.data?.["ca-bundle.crt"];
  const made = (await client.get<Data>("/api/v1/namespaces/openshift-ingress-operator/secrets/router-ca"))?.data?.["tls.crt"];
  const own = [
    extraFile ? readFileSync(extraFile, "utf8") : undefined,
    made && Buffer.from(made, "base64").toString("utf8"),
    await bundle("openshift-config-managed", "default-ingress-cert"),
    await bundle("openshift-config", "user-ca-bundle"),
  ];
  return [...rootCertificates, ...own.filter((text) => text !== undefined)];
}
