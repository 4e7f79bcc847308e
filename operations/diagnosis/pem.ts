import { X509Certificate } from "node:crypto";

const block = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

/** The certificates in a text. @throws Error when a block that says it is one isn't. */
export function certificatesIn(text: string): X509Certificate[] {
  return (text.match(block) ?? []).map((pem) => new X509Certificate(pem));
}

/** A certificate's subject in one line: `OU = openshift, CN = root-ca`. */
export function subjectOf(certificate: X509Certificate): string {
  return certificate.subject.replaceAll("\n", ", ");
}
