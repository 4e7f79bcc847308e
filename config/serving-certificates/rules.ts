import { createPrivateKey } from "node:crypto";
import { hasIssued } from "../certificates";
import { type KeyProblem, removeCommand } from "../problem";
import { readCertificates } from "../pem";
import { formatPrivateKey } from "../private-key";
import { type Rule, rule } from "../rule";
import { configuredCertificates } from "./settings";

/** Name that each certificate must cover. */
const NAMES = {
  apiCertificate: (domain: string) => `api.${domain}`,
  // An example of a route's host name, which a wildcard certificate covers.
  ingressCertificate: (domain: string) => `any.apps.${domain}`,
} as const;

function pairRule(certificateKey: keyof typeof NAMES): Rule {
  const keyKey = `${certificateKey}Key` as const;
  return rule([certificateKey, keyKey, "clusterName", "baseDomain"], (facts): KeyProblem[] => {
    const { [certificateKey]: text, [keyKey]: key, clusterName, baseDomain } = facts;
    if (text === "") return key === "" ? [] : [{ key: keyKey, wrong: `is set, but ${certificateKey} is not`, fix: removeCommand(keyKey) }];
    if (key === "")
      return [{ key: keyKey, wrong: `is not set, but ${certificateKey} is`, fix: `pulumi config set --secret ${keyKey} < key.pem` }];
    const [server] = readCertificates(text);
    const problems: KeyProblem[] = [];
    if (!server.checkPrivateKey(createPrivateKey(formatPrivateKey(key))))
      problems.push({ key: keyKey, wrong: `is not the key of ${certificateKey}`, fix: `pulumi config set --secret ${keyKey} < key.pem` });
    const name = NAMES[certificateKey](`${clusterName}.${baseDomain}`);
    if (server.checkHost(name, { subject: "never" }) === undefined) {
      const wanted = name.replace(/^any\./, "*.");
      problems.push({
        key: certificateKey,
        wrong: `is for ${server.subjectAltName ?? "no name"}, not for ${wanted}`,
        allowed: `a certificate with ${wanted} among its subject alternative names`,
        fix: "get a certificate for that name",
      });
    }
    return problems;
  });
}

export const certificatesFit: readonly Rule[] = [pairRule("apiCertificate"), pairRule("ingressCertificate")];

/**
 * The administrator's kubeconfig trusts only the configured CAs. Without the CA of the API's certificate, the next update could not verify
 * the API server.
 */
export const apiCertificateIsTrusted = rule(
  ["apiCertificate", "apiCertificateAuthority"],
  ({ apiCertificate, apiCertificateAuthority }) => {
    const last = configuredCertificates(apiCertificate).at(-1);
    if (last === undefined || hasIssued(last, last)) return [];
    if (configuredCertificates(apiCertificateAuthority).some((each) => hasIssued(each, last))) return [];
    return [
      {
        key: "apiCertificateAuthority",
        wrong: `${apiCertificateAuthority === "" ? "is not set" : "is not the issuer"}, but apiCertificate's chain ends with a certificate issued by ${JSON.stringify(
          last.issuer.replaceAll("\n", ", "),
        )}`,
        allowed: "the certificate of that CA",
        fix: "pulumi config set apiCertificateAuthority < ca.pem",
      },
    ];
  },
);
