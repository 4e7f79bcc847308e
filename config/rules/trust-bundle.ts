import type { Flaw } from "../finding";
import { rewriteCertificates } from "../pem";
import { certificatesFlaw } from "./certificates";

const SET_BUNDLE = "pulumi config set additionalTrustBundle < ca-bundle.pem";

/**
 * EC2 takes 16 KB of user data (EC2 user guide, "Work with instance user data"), and the first machines read the bundle from there, in base64. The rest is left to the
 * proxy and the address of their ignition config.
 */
const MOST_BYTES = 10_000;

const form = certificatesFlaw(SET_BUNDLE);

/** Whether a text is the certificates that every machine trusts. */
export function trustBundleFlaw(text: string): Flaw | undefined {
  const flaw = form(text);
  if (flaw) return flaw;
  const bytes = rewriteCertificates(text).length;
  if (bytes <= MOST_BYTES) return undefined;
  return {
    wrong: `has ${bytes} bytes, more than fit into the user data of the machines that read it`,
    allowed: `PEM certificates of ${MOST_BYTES} bytes altogether, which is five to ten of them`,
    fix: `keep the authorities that your proxy and your mirror need, then ${SET_BUNDLE}`,
  };
}
