import type { ValueProblem } from "../finding";
import { rewriteCertificates } from "../pem";
import { certificatesProblem } from "../certificates";

const SET_BUNDLE = "pulumi config set additionalTrustBundle < ca-bundle.pem";

/**
 * EC2 allows 16 KB of user data (EC2 user guide, "Work with instance user data"). The first instances read the bundle from there, in
 * base64; the proxy and the address of their ignition config need the rest.
 */
const MOST_BYTES = 10_000;

const form = certificatesProblem(SET_BUNDLE);

/** Checks the certificates that every instance trusts. */
export function trustBundleProblem(text: string): ValueProblem | undefined {
  const problem = form(text);
  if (problem) return problem;
  const bytes = rewriteCertificates(text).length;
  if (bytes <= MOST_BYTES) return undefined;
  return {
    wrong: `has ${bytes} bytes, more than fit into the instances' user data`,
    allowed: `PEM certificates of at most ${MOST_BYTES} bytes in total, which is five to ten certificates`,
    fix: `keep only the CAs of your proxy and your mirror, then ${SET_BUNDLE}`,
  };
}
