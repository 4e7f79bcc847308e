import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 24 * 60 * 60_000;

export interface Ca {
  readonly certificate: string;
  /** A certificate of this CA for a name, valid for a day. */
  issue(host: string, from?: Date): Promise<string>;
}

/** Makes a CA that is valid for ten years, like the installer's root CA. */
export async function makeCa(name: string, from: Date): Promise<Ca> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const root = await X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${name}`,
      notBefore: from,
      notAfter: new Date(from.getTime() + 3650 * DAY_MS),
      keys,
      signingAlgorithm: algorithm,
      extensions: [new BasicConstraintsExtension(true)],
    },
    webcrypto,
  );
  return {
    certificate: root.toString("pem"),
    issue: async (host, notBefore = from) => {
      const own = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
      const certificate = await X509CertificateGenerator.create(
        {
          subject: "CN=system:machine-config-server",
          issuer: root.subject,
          notBefore,
          notAfter: new Date(notBefore.getTime() + DAY_MS),
          publicKey: own.publicKey,
          signingKey: keys.privateKey,
          signingAlgorithm: algorithm,
          extensions: [
            new SubjectAlternativeNameExtension([{ type: "dns", value: host }]),
            await AuthorityKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
          ],
        },
        webcrypto,
      );
      return certificate.toString("pem");
    },
  };
}
