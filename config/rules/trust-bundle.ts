import { X509Certificate } from "node:crypto";
import type { Flaw } from "../finding";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
const SET_BUNDLE = "pulumi config set additionalTrustBundle < ca-bundle.pem";

/**
 * Whether a text is PEM certificates and nothing else. Their dates are not looked at: a certificate of a bundle that runs out next year
 * must not stop the `pulumi up` that replaces it.
 */
export function trustBundleFlaw(text: string): Flaw | undefined {
  if (text.includes("PRIVATE KEY")) return { wrong: "has a private key in it: take it out of the stack file", fix: SET_BUNDLE };
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) return { wrong: "has no PEM certificate", fix: SET_BUNDLE };
  const bad = certificates.findIndex((pem) => !parses(pem));
  if (bad >= 0) return { wrong: `is damaged: certificate ${bad + 1} of ${certificates.length} can't be read`, fix: SET_BUNDLE };
  // The installer wants block after block (pkg/validate, CABundle); comments between them, as bundles of systems have, would be refused by it.
  if (text.replaceAll(CERTIFICATE, "").trim() !== "")
    return { wrong: "has text besides its certificates", fix: `remove it, then ${SET_BUNDLE}` };
  return undefined;
}

function parses(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
