import type { Flaw } from "../finding";
import { invisibleIn } from "../invisible";
import { type Url, urlFlaw } from "../url";

const ALLOWED = "ldap[s]://host[:port]/base DN?attribute?scope?(filter)";

/**
 * What is wrong with the URL of an LDAP server (RFC 4516). OpenShift reads it with Go's parser, and each part of the query with `url.QueryUnescape`
 * (openshift/library-go, `pkg/security/ldaputil/url.go`, ParseURL).
 */
export function ldapUrlFlaw(text: string): Flaw | undefined {
  const flaw = urlFlaw(text, partsFlaw, { anyCharacters: true });
  return flaw && { allowed: ALLOWED, ...flaw };
}

function partsFlaw({ scheme, userinfo, path, query = "", fragment }: Url): Flaw | undefined {
  if (!["ldap", "ldaps"].includes(scheme)) return { wrong: "is not an LDAP URL" };
  if (userinfo !== undefined) return { wrong: "has a user in it, who belongs into bindDN" };
  if (fragment !== undefined) return { wrong: "has a # in it, which ends a URL", fix: "write %23 for it" };
  if (path.length < 2) return { wrong: "names no base DN" };
  const [attributes = "", scope = "", filter = "", extensions = "", ...more] = query.split("?");
  if (more.length > 0) return { wrong: "has more than four question marks", fix: "write %3F for a ? in the filter" };
  const damaged = encodingFlaw("base DN", path) ?? encodingFlaw("attribute", attributes) ?? encodingFlaw("filter", filter);
  if (damaged) return damaged;
  if (!["", "sub", "one", "base"].includes(scope)) return { wrong: "has a scope that is none of sub, one and base" };
  if (extensions.split(",").some((name) => name.startsWith("!"))) return { wrong: "has a critical extension, and OpenShift knows none" };
  return filter === "" ? undefined : filterFlaw(filter);
}

/** The parts are bytes in percent-encoding, which have to be UTF-8. */
function encodingFlaw(name: string, part: string): Flaw | undefined {
  try {
    decodeURIComponent(part);
    return undefined;
  } catch {
    return { wrong: `has percent-encoded bytes in its ${name} that are not UTF-8`, fix: "write %C3%A4 for ä, and %25 for a % itself" };
  }
}

function filterFlaw(encoded: string): Flaw | undefined {
  if (encoded.includes("+"))
    return { wrong: "has a + in its filter, which OpenShift reads as a blank", fix: "write %2B for it, or %20 for a blank" };
  const filter = decodeURIComponent(encoded);
  if (!filter.startsWith("(") || !filter.endsWith(")")) return { wrong: "has a filter without brackets around it" };
  return isOneFilter(filter) ? undefined : { wrong: "has a filter whose brackets don't match" };
}

/** Whether the first bracket is closed by the last one (go-ldap, CompileFilter: one filter, which may hold others). */
function isOneFilter(filter: string): boolean {
  let depth = 0;
  for (let index = 0; index < filter.length; index++) {
    if (filter[index] === "(") depth += 1;
    if (filter[index] === ")") depth -= 1;
    if (depth === 0) return index === filter.length - 1;
  }
  return false;
}

/** The name of a group in an LDAP server: one line of the file that lists those to synchronize. */
export function ldapGroupFlaw(name: string): Flaw | undefined {
  const invisible = invisibleIn(name);
  return invisible === undefined ? undefined : { wrong: `has a character that can't be seen (${invisible})` };
}
