import { formatCidr, parseCidr } from "../cidr";
import type { Flaw } from "../finding";
import { cidrFlaw } from "./ranges";

/** No company holds more than a /8 of the IPv4 space. */
const WIDEST_PREFIX = 8;

/** Whether a text is a range that may reach the bootstrap machine's ssh and journal. */
export function adminCidrFlaw(text: string): Flaw | undefined {
  if (/^\d+(\.\d+){3}$/.test(text)) return { wrong: "is an address without a prefix", instead: `${text}/32` };
  const flaw = cidrFlaw(text);
  if (flaw) return flaw;
  const range = parseCidr(text);
  if (range.prefix >= WIDEST_PREFIX) return undefined;
  return {
    wrong: `opens ssh and the bootstrap journal, which shows secrets, to ${range.prefix === 0 ? "the whole world" : `a large part of it (${formatCidr(range)})`}`,
    allowed: `the ranges that your people come from, /${WIDEST_PREFIX} or longer`,
    fix: "replace it by the ranges that your people come from; yours alone is $(curl -s https://checkip.amazonaws.com)/32",
  };
}
