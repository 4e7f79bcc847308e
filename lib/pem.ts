import { X509Certificate } from "node:crypto";

const BEGIN = "-----BEGIN CERTIFICATE-----";
const END = "-----END CERTIFICATE-----";

/** The certificates in a text. @throws Error if a certificate block can't be parsed. */
export function certificatesIn(text: string): X509Certificate[] {
  // The text is split at each END. The part after the last END is dropped; of every other part, the text before its last BEGIN.
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
