import type { KeyObject, X509Certificate } from "node:crypto";
import type { ValueProblem } from "./problem";
import { readCertificates } from "./pem";

/** Optional checks of a chain. */
interface ChainRules {
  /** Whether to refuse a certificate that has expired or is not valid yet. */
  readonly dates: boolean;
}

/** HAProxy and OpenSSL refuse shorter RSA keys at the security level of RHEL 9 (crypto-policies(7), DEFAULT). */
const MIN_RSA_BITS = 2048;

/**
 * Returns a check of trusted certificates, such as a CA bundle. Dates are not checked: an expired certificate must not stop the `pulumi up`
 * that replaces it.
 *
 * @param fix the command that sets the text
 */
export function certificatesProblem(fix: string): (text: string) => ValueProblem | undefined {
  return (text) => problemOf(text, fix, () => undefined);
}

/**
 * Returns a check of a server's certificate with its chain: the server's own certificate comes first, and each
 * certificate is issued by the next one.
 */
export function chainProblem(fix: string, rules: ChainRules): (text: string) => ValueProblem | undefined {
  return (text) =>
    problemOf(text, fix, (chain) => serverProblem(chain[0]) ?? (rules.dates ? datesProblem(chain) : undefined) ?? orderProblem(chain));
}

function problemOf(text: string, fix: string, more: (certificates: X509Certificate[]) => string | undefined): ValueProblem | undefined {
  try {
    const wrong = more(readCertificates(text));
    return wrong === undefined ? undefined : { wrong, fix };
  } catch (error) {
    const wrong = parserMessage(error);
    if (wrong.includes("private key")) return { wrong: `${wrong}; remove it from the stack file`, fix };
    return {
      wrong,
      fix: wrong.startsWith("is unusable") ? `remove that certificate, or have it reissued without this problem, and ${fix}` : fix,
    };
  }
}

/** The message of an error thrown by a PEM parser. @throws every error that is not a SyntaxError, unchanged */
export function parserMessage(error: unknown): string {
  if (!(error instanceof SyntaxError)) throw error;
  return error.message;
}

function serverProblem(server: X509Certificate): string | undefined {
  // A CA's certificate with alternative names is accepted: `openssl req -x509` marks a server's certificate as a CA's, too.
  if (server.ca && server.subjectAltName === undefined) return "starts with a CA's certificate, but the server's own must come first";
  const bits = publicKeyOf(server)?.asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS;
  return bits < MIN_RSA_BITS ? `has an RSA key of ${bits} bits; routers need at least ${MIN_RSA_BITS}` : undefined;
}

function datesProblem(chain: readonly X509Certificate[]): string | undefined {
  const late = chain.findIndex(({ validTo }) => Date.parse(validTo) < Date.now());
  if (late >= 0) return `has a certificate that expired on ${chain[late].validTo} (number ${late + 1})`;
  const early = chain.findIndex(({ validFrom }) => Date.parse(validFrom) > Date.now());
  return early < 0 ? undefined : `has a certificate that is not valid before ${chain[early].validFrom} (number ${early + 1})`;
}

function orderProblem(chain: readonly X509Certificate[]): string | undefined {
  const broken = chain.findIndex((each, index) => index > 0 && !hasIssued(each, chain[index - 1]));
  return broken < 0 ? undefined : `is out of order: certificate ${broken} is not issued by certificate ${broken + 1}`;
}

/** Whether the key of `issuer` signed `certificate`. */
export function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  const key = publicKeyOf(issuer);
  return key !== undefined && certificate.checkIssued(issuer) && certificate.verify(key);
}

/** Undefined for a key of a type that OpenSSL doesn't know. */
function publicKeyOf(certificate: X509Certificate): KeyObject | undefined {
  try {
    return certificate.publicKey;
  } catch {
    return undefined;
  }
}
