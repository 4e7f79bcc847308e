import { X509Certificate } from "node:crypto";
import { parseKubeconfig } from "../../lib/kubernetes/kubeconfig";
import { filesIn, type BootedIgnitionConfig } from "./ignition-config";

/** The certificates in a PEM text, in the text's order. The sandbox does not use the program's PEM parser, because a mistake in that parser would then go unnoticed. */
export function pemCertificates(pem: string): X509Certificate[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)].map(([text]) => new X509Certificate(text));
}

/**
 * The problem of the first certificate in a bootstrap instance's config (its TLS files and kubeconfigs) that is not valid
 * now; undefined if all certificates are valid.
 */
export function dateProblemIn(config: BootedIgnitionConfig, now: Date): string | undefined {
  for (const [path, content] of filesIn(config)) {
    const pem = /^\/opt\/openshift\/tls\/.+\.crt$/.test(path)
      ? content
      : /^\/opt\/openshift\/auth\/kubeconfig/.test(path)
        ? kubeconfigCertificates(content)
        : "";
    const reason = pemCertificates(pem)
      .map((certificate) => dateProblem(certificate, now))
      .find((found) => found !== undefined);
    if (reason !== undefined) return `${path}: ${reason}`;
  }
  return undefined;
}

/** The problem of a certificate's dates; undefined if the certificate is valid now. */
function dateProblem(certificate: X509Certificate, now: Date): string | undefined {
  const [from, to] = [certificate.validFrom, certificate.validTo].map((date) => new Date(date));
  const name = `the certificate ${certificate.subject.replaceAll("\n", ", ")}`;
  if (now < from) return `${name} is not valid before ${from.toISOString()} (now it is ${now.toISOString()})`;
  if (now > to) return `${name} expired at ${to.toISOString()} (now it is ${now.toISOString()})`;
  return undefined;
}

/** The reason why a client that trusts only the given CAs refuses a server; undefined if it accepts the server. */
export function trustProblem(
  server: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  host: string,
  now: Date,
): string | undefined {
  const [own] = server;
  if (server.length === 0) return "it presents no certificate";
  const shown = `its certificate ${own.subject.replaceAll("\n", ", ")}`;
  const signs = (issuer: X509Certificate, certificate: X509Certificate) =>
    certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  let end = own;
  // The loop ends: a chain has no more links than the server presents certificates.
  for (let links = 0; links < server.length; links += 1) {
    const root = authorities.find((authority) => signs(authority, end));
    if (root !== undefined) {
      const stale = dateProblem(root, now) ?? dateProblem(own, now);
      if (stale !== undefined) return stale;
      return own.checkHost(host) === undefined ? `${shown} is not for ${host}, but for ${own.subjectAltName ?? "no name"}` : undefined;
    }
    end = server.find((certificate) => certificate !== end && signs(certificate, end)) ?? end;
  }
  const trusted = authorities.map(({ subject, fingerprint256 }) => `${subject.replaceAll("\n", ", ")} ${fingerprint256.slice(0, 11)}`);
  return `${shown}, issued by ${own.issuer.replaceAll("\n", ", ")}, is not signed by the CA in the user data (${trusted.join("; ") || "there is none"})`;
}

function kubeconfigCertificates(text: string): string {
  const { ca = "", certificate = "" } = parseKubeconfig(text);
  return `${ca}\n${certificate}`;
}
