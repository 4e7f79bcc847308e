import { formatCertificates, readCertificates, rewriteCertificates } from "../pem";
import { formatTlsKey } from "../private-key";
import { Secret } from "../secret";

export interface ServingCertificateConfiguration {
  /** PEM; the server's certificate comes first. */
  readonly chain: string;
  readonly key: Secret;
}

/** A certificate with its key, in a form that OpenShift can read; undefined if none is set. */
export function servingCertificate(chain: string, key: string): ServingCertificateConfiguration | undefined {
  return chain === "" ? undefined : { chain: rewriteCertificates(chain), key: new Secret(formatTlsKey(key)) };
}

/** CA of apiCertificate: the configured one, or else the self-signed certificate at the end of its chain. Empty without apiCertificate. */
export function apiCaCertificates(apiCertificate: string, apiCertificateAuthority: string): string {
  if (apiCertificateAuthority !== "") return formatCertificates(readCertificates(apiCertificateAuthority));
  return formatCertificates(configuredCertificates(apiCertificate).slice(-1));
}

/** The certificates in the value of a key; none if it is not set. */
export function configuredCertificates(text: string): ReturnType<typeof readCertificates> {
  return text === "" ? [] : readCertificates(text);
}
