import { formatCidr, parseCidr } from "../cidr";
import type { ValueProblem } from "../problem";
import { cidrProblem } from "../network/fields";

/** Shortest allowed prefix length in adminCidrs: nobody owns a CIDR block of IPv4 addresses that is larger than a /8. */
const MIN_PREFIX_LENGTH = 8;

/** Checks a CIDR block from which people reach ssh and the journal of the bootstrap instance, and ssh of the installer host. */
export function adminCidrProblem(text: string): ValueProblem | undefined {
  if (/^\d+(\.\d+){3}$/.test(text)) return { wrong: "is an address without a prefix length", instead: `${text}/32` };
  const problem = cidrProblem(text);
  if (problem) return problem;
  const range = parseCidr(text);
  if (range.prefix >= MIN_PREFIX_LENGTH) return undefined;
  return {
    wrong: `opens ssh and the bootstrap journal, which shows secrets, to ${range.prefix === 0 ? "the whole internet" : `a large part of the internet (${formatCidr(range)})`}`,
    allowed: `the CIDR blocks of your administrators, /${MIN_PREFIX_LENGTH} or longer`,
    fix: "use the CIDR blocks of your administrators instead; your own address is $(curl -s https://checkip.amazonaws.com)/32",
  };
}

/** OKD's images are public, but the installer demands a pull secret (OKD documentation, "Pull secret"). */
export const OKD_PULL_SECRET = '{"auths":{"fake":{"auth":"aWQ6cGFzcwo="}}}';
