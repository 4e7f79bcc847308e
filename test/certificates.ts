import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { BasicConstraintsExtension, PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const HOUR_MS = 3_600_000;

/** A server certificate and the certificate of the CA that issued it, PEM. */
export interface TestCertificate {
  readonly chain: string;
  readonly key: string;
  readonly authority: string;
}

/** @param hours until the certificate expires; negative for an expired certificate */
export async function makeServerCertificate(names: readonly string[], hours = 24): Promise<TestCertificate> {
  const makeKeys = () => webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const [authorityKeys, keys] = await Promise.all([makeKeys(), makeKeys()]);
  const dates = {
    notBefore: new Date(Date.now() - 48 * HOUR_MS),
    notAfter: new Date(Date.now() + hours * HOUR_MS),
    signingAlgorithm: algorithm,
  };
  const issuer = "CN=Example Authority";
  const authority = await X509CertificateGenerator.createSelfSigned(
    {
      ...dates,
      notAfter: new Date(Date.now() + 48 * HOUR_MS),
      name: issuer,
      keys: authorityKeys,
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    },
    webcrypto,
  );
  const alternatives = new SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns" as const, value })));
  const server = await X509CertificateGenerator.create(
    {
      ...dates,
      subject: `CN=${names[0]}`,
      issuer,
      publicKey: keys.publicKey,
      signingKey: authorityKeys.privateKey,
      extensions: [alternatives],
    },
    webcrypto,
  );
  const key = PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return { chain: `${server.toString("pem")}\n`, key: `${key}\n`, authority: `${authority.toString("pem")}\n` };
}
