import { createPrivateKey, X509Certificate } from "node:crypto";
import { type Finding, type Flaw, removeCommand } from "../finding";
import { type Rule, rule } from "../rule";
import { privateKeyFlaw } from "./private-key";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** A check of a key's PEM certificates: each can be read, is in date, and is issued by the next. */
export function chainFlaw(key: string): (text: string) => Flaw | undefined {
  const fix = `pulumi config set ${key} < fullchain.pem`;
  return (text) => {
    if (text.includes("PRIVATE KEY")) return { wrong: "has a private key in it: take it out of the stack file", fix };
    const found = text.match(CERTIFICATE) ?? [];
    if (found.length === 0) return { wrong: "has no PEM certificate", fix };
    const chain = certificatesOf(text);
    if (chain.length < found.length)
      return { wrong: `is damaged: ${found.length - chain.length} of ${found.length} certificates can't be read`, fix };
    const [server] = chain;
    // What `openssl req -x509` makes is an authority and a server's at once.
    if (server.ca && server.subjectAltName === undefined)
      return { wrong: "starts with an authority's certificate; the server's own comes first", fix };
    const late = chain.findIndex(({ validTo }) => Date.parse(validTo) < Date.now());
    if (late >= 0) return { wrong: `has a certificate that ran out on ${chain[late].validTo} (number ${late + 1})`, fix };
    const early = chain.findIndex(({ validFrom }) => Date.parse(validFrom) > Date.now());
    if (early >= 0) return { wrong: `has a certificate that is not valid before ${chain[early].validFrom} (number ${early + 1})`, fix };
    const broken = chain.findIndex((each, index) => index > 0 && !issued(each, chain[index - 1]));
    return broken < 0 ? undefined : { wrong: `is out of order: certificate ${broken} is not issued by certificate ${broken + 1}`, fix };
  };
}

/** The certificates of a text that can be read. */
export function certificatesOf(text: string): X509Certificate[] {
  return (text.match(CERTIFICATE) ?? []).flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      return []; // counted by the caller
    }
  });
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** A check of a private key in PEM form, as TLS servers have it. Says nothing of what is in it. */
export function certificateKeyFlaw(key: string): (text: string) => Flaw | undefined {
  return (text) => {
    const flaw = privateKeyFlaw(key)(text);
    if (flaw) return flaw;
    try {
      createPrivateKey(text);
      return undefined;
    } catch {
      return { wrong: "can't be read", fix: `pulumi config set --secret ${key} < key.pem` };
    }
  };
}

/** Names that a certificate has to cover, by what is served with it. */
const NAMES = {
  apiCertificate: (domain: string) => `api.${domain}`,
  // Any name that a route has.
  ingressCertificate: (domain: string) => `any.apps.${domain}`,
} as const;

function pairRule(certificateKey: keyof typeof NAMES): Rule {
  const keyKey = `${certificateKey}Key` as const;
  return rule([certificateKey, keyKey, "clusterName", "baseDomain"], (facts): Finding[] => {
    const { [certificateKey]: text, [keyKey]: key, clusterName, baseDomain } = facts;
    if (text === "") return key === "" ? [] : [{ key: keyKey, wrong: `is set, but ${certificateKey} is not`, fix: removeCommand(keyKey) }];
    if (key === "")
      return [{ key: keyKey, wrong: `is not set, but ${certificateKey} is`, fix: `pulumi config set --secret ${keyKey} < key.pem` }];
    const [server] = certificatesOf(text);
    const findings: Finding[] = [];
    if (!server.checkPrivateKey(createPrivateKey(key)))
      findings.push({ key: keyKey, wrong: `is not the key of ${certificateKey}`, fix: `pulumi config set --secret ${keyKey} < key.pem` });
    const name = NAMES[certificateKey](`${clusterName}.${baseDomain}`);
    if (server.checkHost(name, { subject: "never" }) === undefined) {
      const wanted = name.replace(/^any\./, "*.");
      findings.push({
        key: certificateKey,
        wrong: `is for ${server.subjectAltName ?? "no name"}, not for ${wanted}`,
        allowed: `a certificate with ${wanted} among its subject alternative names`,
        fix: "have one issued for that name",
      });
    }
    return findings;
  });
}

export const certificatesFit: readonly Rule[] = [pairRule("apiCertificate"), pairRule("ingressCertificate")];

/** The kubeconfig trusts named authorities only: without the issuer's the next update would refuse its own cluster. */
export const apiCertificateIsTrusted = rule(
  ["apiCertificate", "apiCertificateAuthority"],
  ({ apiCertificate, apiCertificateAuthority }) => {
    const last = certificatesOf(apiCertificate).at(-1);
    if (last === undefined || issued(last, last)) return [];
    if (certificatesOf(apiCertificateAuthority).some((each) => issued(each, last))) return [];
    return [
      {
        key: "apiCertificateAuthority",
        wrong: `${apiCertificateAuthority === "" ? "is not set" : "is not the issuer"}, but apiCertificate's chain ends at one that ${JSON.stringify(
          last.issuer.replaceAll("\n", ", "),
        )} issued`,
        allowed: "that authority's certificate",
        fix: "pulumi config set apiCertificateAuthority < ca.pem",
      },
    ];
  },
);

/** The authority of apiCertificate: the one that is named, else the self-signed end of its chain. Empty where it's the cluster's own. */
export function apiAuthority(apiCertificate: string, apiCertificateAuthority: string): string {
  if (apiCertificateAuthority !== "") return `${apiCertificateAuthority.trim()}\n`;
  return certificatesOf(apiCertificate).at(-1)?.toString() ?? "";
}
