import { X509Certificate } from "node:crypto";

const BEGIN = "-----BEGIN CERTIFICATE-----";
const END = "-----END CERTIFICATE-----";

/** The certificates in a text. @throws Error when a block that says it is one isn't. */
export function certificatesIn(text: string): X509Certificate[] {
  // Every block but the last ends with END; what stands before its BEGIN is no part of it.
  return text
    .split(END)
    .slice(0, -1)
    .filter((part) => part.includes(BEGIN))
    .map((part) => new X509Certificate(part.slice(part.lastIndexOf(BEGIN)) + END));
}

/** A certificate's subject in one line: `OU = openshift, CN = root-ca`. */
export function subjectOf(certificate: X509Certificate): string {
  return certificate.subject.replaceAll("\n", ", ");
}
