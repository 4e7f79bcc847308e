import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { BasicConstraintsExtension, cryptoProvider, PemConverter, X509CertificateGenerator } from "@peculiar/x509";
import type { Api, KubeObject } from "./api";

cryptoProvider.set(webcrypto);

const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 };
const twoYears = 2 * 365 * 24 * 3600 * 1000;

/** The certificate authority that the ingress operator makes for names below `apps`, made once and kept where it keeps it. */
export async function routerAuthority(api: Api): Promise<{ certificate: string }> {
  const path = "/api/v1/namespaces/openshift-ingress-operator/secrets/router-ca";
  const known = await api.get<KubeObject & { data: Record<string, string> }>(path);
  if (known !== undefined) return { certificate: Buffer.from(known.data["tls.crt"], "base64").toString("utf8") };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=ingress-operator@${Math.floor(Date.now() / 1000)}`,
    notBefore: new Date(),
    notAfter: new Date(Date.now() + twoYears),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  const pem = `${certificate.toString("pem")}\n`;
  const key = PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  await api.create({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "router-ca", namespace: "openshift-ingress-operator" },
    type: "kubernetes.io/tls",
    data: { "tls.crt": Buffer.from(pem).toString("base64"), "tls.key": Buffer.from(key).toString("base64") },
  });
  return { certificate: pem };
}
