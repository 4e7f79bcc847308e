import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  cryptoProvider,
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

/** Makes a CA. */
export async function makeAuthority(commonName: string): Promise<ServingCertificate> {
  const keys = await newKeys();
  const extensions = [new BasicConstraintsExtension(true, undefined, true)];
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...times(),
    name: `CN=${commonName}`,
    keys,
    signingAlgorithm: algorithm,
    extensions,
  });
  return pemOf(certificate, keys);
}

/**
 * Makes a certificate for names; the first name is also the common name. The PEM text contains this certificate and then
 * the CA's certificate.
 */
export async function issueCertificate(authority: ServingCertificate, names: readonly string[]): Promise<ServingCertificate> {
  const keys = await newKeys();
  const signingKey = await webcrypto.subtle.importKey("pkcs8", PemConverter.decodeFirst(authority.key), algorithm, false, ["sign"]);
  const certificate = await X509CertificateGenerator.create({
    ...times(),
    subject: `CN=${names[0]}`,
    issuer: new X509Certificate(authority.cert).subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(false), new SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns", value })))],
  });
  const { cert, key } = await pemOf(certificate, keys);
  return { cert: `${cert}${authority.cert}`, key };
}

/** The certificate in a Secret of type kubernetes.io/tls; undefined if the Secret does not exist. */
export async function certificateIn(api: Api, namespace: string, name: string): Promise<ServingCertificate | undefined> {
  const secret = await api.get<TlsSecret>(`/api/v1/namespaces/${namespace}/secrets/${name}`);
  return secret && { cert: decoded(secret.data["tls.crt"]), key: decoded(secret.data["tls.key"]) };
}

/** The certificate in a Secret. If the Secret does not exist, makes the certificate and stores it in a new Secret. */
export async function keptCertificate(
  api: Api,
  { namespace, name, ...metadata }: { readonly namespace: string; readonly name: string; readonly [field: string]: unknown },
  make: () => Promise<ServingCertificate>,
): Promise<ServingCertificate> {
  const known = await certificateIn(api, namespace, name);
  if (known !== undefined) return known;
  const made = await make();
  const data = { "tls.crt": encoded(made.cert), "tls.key": encoded(made.key) };
  await api.create({ apiVersion: "v1", kind: "Secret", metadata: { ...metadata, name, namespace }, type: "kubernetes.io/tls", data });
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
