import { createPrivateKey } from "node:crypto";
import { type Finding, removeCommand } from "../finding";
import { formatCertificates, readCertificates } from "../pem";
import { type Rule, rule } from "../rule";
import { hasIssued } from "./certificates";
import { formatPrivateKey } from "./private-key";

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
    const [server] = readCertificates(text);
    const findings: Finding[] = [];
    if (!server.checkPrivateKey(createPrivateKey(formatPrivateKey(key))))
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
    if (last === undefined || hasIssued(last, last)) return [];
    if (certificatesOf(apiCertificateAuthority).some((each) => hasIssued(each, last))) return [];
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
  if (apiCertificateAuthority !== "") return formatCertificates(readCertificates(apiCertificateAuthority));
  return formatCertificates(certificatesOf(apiCertificate).slice(-1));
}

/** The certificates of a key that may not be set. */
function certificatesOf(text: string): ReturnType<typeof readCertificates> {
  return text === "" ? [] : readCertificates(text);
}
