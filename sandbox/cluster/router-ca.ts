import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  cryptoProvider,
  type Extension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { Api, KubeObject } from "./api";

cryptoProvider.set(webcrypto);

const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 };
const twoYears = 2 * 365 * 24 * 3600 * 1000;

/** A certificate and its key, PEM. */
export interface ServingCertificate {
  readonly cert: string;
  readonly key: string;
}

interface TlsSecret extends KubeObject {
  data: { "tls.crt": string; "tls.key": string };
}

/** The ingress operator's CA for names below `apps`. It is created once and kept in the operator's own Secret. */
export async function routerCa(api: Api): Promise<ServingCertificate> {
  return kept(api, "openshift-ingress-operator", "router-ca", async () => {
    const keys = await newKeys();
    const name = `CN=ingress-operator@${Math.floor(Date.now() / 1000)}`;
    const extensions = [new BasicConstraintsExtension(true, undefined, true)];
    const certificate = await X509CertificateGenerator.createSelfSigned({
      ...times(),
      name,
      keys,
      signingAlgorithm: algorithm,
      extensions,
    });
    return pemOf(certificate, keys);
  });
}

/** The default router's certificate for all names below `apps`. */
export async function routerCertificate(api: Api, domain: string): Promise<ServingCertificate> {
  return routerCertificateFor(api, "default", `apps.${domain}`);
}

/** The certificate that the operator makes for a router without its own, for all names below the router's domain. */
export async function routerCertificateFor(api: Api, router: string, domain: string): Promise<ServingCertificate> {
  const authority = await routerCa(api);
  return kept(api, "openshift-ingress", `router-certs-${router}`, async () => {
    const keys = await newKeys();
    const signingKey = await webcrypto.subtle.importKey("pkcs8", PemConverter.decodeFirst(authority.key), algorithm, false, ["sign"]);
    const name = `*.${domain}`;
    const extensions: Extension[] = [
      new BasicConstraintsExtension(false),
      new SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
    ];
    const certificate = await X509CertificateGenerator.create({
      ...times(),
      subject: `CN=${name}`,
      issuer: new X509Certificate(authority.cert).subject,
      publicKey: keys.publicKey,
      signingKey,
      signingAlgorithm: algorithm,
      extensions,
    });
    const { cert, key } = await pemOf(certificate, keys);
    return { cert: `${cert}${authority.cert}`, key };
  });
}

/** The certificate in a Secret of type kubernetes.io/tls; undefined if the Secret does not exist. */
export async function certificateIn(api: Api, namespace: string, name: string): Promise<ServingCertificate | undefined> {
  const secret = await api.get<TlsSecret>(`/api/v1/namespaces/${namespace}/secrets/${name}`);
  return secret && { cert: decoded(secret.data["tls.crt"]), key: decoded(secret.data["tls.key"]) };
}

/** The certificate in a Secret. If the Secret does not exist, the certificate is made and stored there. */
async function kept(api: Api, namespace: string, name: string, make: () => Promise<ServingCertificate>): Promise<ServingCertificate> {
  const known = await certificateIn(api, namespace, name);
  if (known !== undefined) return known;
  const made = await make();
  const data = { "tls.crt": encoded(made.cert), "tls.key": encoded(made.key) };
  await api.create({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, type: "kubernetes.io/tls", data });
  return made;
}

const decoded = (text: string): string => Buffer.from(text, "base64").toString("utf8");
const encoded = (text: string): string => Buffer.from(text).toString("base64");

const times = () => ({ notBefore: new Date(), notAfter: new Date(Date.now() + twoYears) });

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function pemOf(certificate: X509Certificate, { privateKey }: webcrypto.CryptoKeyPair): Promise<ServingCertificate> {
  const key = PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", privateKey), "PRIVATE KEY");
  return { cert: `${certificate.toString("pem")}\n`, key };
}
