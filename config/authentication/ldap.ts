import type { ValueProblem } from "../problem";
import { invisibleIn } from "../invisible";
import { type Url, urlProblem } from "../url";
import { filterProblem } from "./ldap-filter";

const ALLOWED = "ldap[s]://host[:port]/base DN?attribute?scope?(filter)";

/**
 * Checks the URL of an LDAP server (RFC 4516). OpenShift parses it with Go's parser, and each part of the query with `url.QueryUnescape`
 * (openshift/library-go, `pkg/security/ldaputil/url.go`, ParseURL).
 */
export function ldapUrlProblem(text: string): ValueProblem | undefined {
  const problem = urlProblem(text, partsProblem, { anyCharacters: true });
  return problem && { allowed: ALLOWED, ...problem };
}

function partsProblem({ scheme, userinfo, path, query = "", fragment }: Url): ValueProblem | undefined {
  if (!["ldap", "ldaps"].includes(scheme)) return { wrong: "is not an LDAP URL" };
  if (userinfo !== undefined) return { wrong: "has a user in it, which belongs in bindDN" };
  if (fragment !== undefined) return { wrong: "has a # in it, which starts the fragment of a URL", fix: "write %23 instead" };
  if (path.length < 2) return { wrong: "names no base DN" };
  const [attributes = "", scope = "", filter = "", extensions = "", ...more] = query.split("?");
  if (more.length > 0) return { wrong: "has more than four question marks", fix: "write %3F for a ? in the filter" };
  const damaged = encodingProblem("base DN", path) ?? encodingProblem("attribute", attributes) ?? encodingProblem("filter", filter);
  if (damaged) return damaged;
  if (!["", "sub", "one", "base"].includes(scope)) return { wrong: "has a scope other than sub, one and base" };
  if (extensions.split(",").some((name) => name.startsWith("!"))) return { wrong: "has a critical extension, but OpenShift supports none" };
  return filter === "" ? baseProblem(path) : (encodedFilterProblem(filter) ?? baseProblem(path));
}

function baseProblem(path: string): ValueProblem | undefined {
  const problem = dnProblem(decodeURIComponent(path).replace(/^\/{1,10}/, ""));
  return problem && { ...problem, wrong: `has a base DN that ${problem.wrong}` };
}

/** Percent-encoded bytes must be UTF-8. */
function encodingProblem(name: string, part: string): ValueProblem | undefined {
  try {
    decodeURIComponent(part);
    return undefined;
  } catch {
    return { wrong: `has percent-encoded bytes in its ${name} that are not UTF-8`, fix: "write %C3%A4 for ä, and %25 for a %" };
  }
}

function encodedFilterProblem(encoded: string): ValueProblem | undefined {
  if (encoded.includes("+"))
    return { wrong: "has a + in its filter, which OpenShift reads as a space", fix: "write %2B for a +, or %20 for a space" };
  const problem = filterProblem(decodeURIComponent(encoded));
  return problem && { ...problem, wrong: `has a filter ${problem.wrong}` };
}

/** Checks a filter of groupSync. It is not percent-encoded, unlike a filter in a URL. */
export function ldapFilterProblem(filter: string): ValueProblem | undefined {
  const problem = filterProblem(filter);
  return problem && { ...problem, wrong: `is a filter ${problem.wrong}` };
}

/**
 * A part of a DN: an attribute's name or number, and its value (RFC 4514, section 3). Spaces around the attribute are allowed, because servers
 * ignore them. A value that starts with # is bytes in hexadecimal.
 */
const DN_PART =
  /^ {0,20}(?:[A-Za-z][A-Za-z0-9_-]{0,200}|(?:OID\.)?[0-9]{1,20}(?:\.[0-9]{1,20}){0,30}) {0,20}=(?:[^#]|#(?:[0-9A-Fa-f]{2}){1,1000} {0,20}$|$)/i;
/** Active Directory's alternative names of an entry (MS-ADTS, section 3.1.1.3.1.2.4). */
const OBJECT_DN = /^<(?:GUID|SID|WKGUID)=[^<>]{1,1000}>$/i;
const DN_ESCAPE = /\\(?:[ "#+,;<=>\\]|[0-9A-Fa-f]{2})/g;

/** Checks a DN (RFC 4514). OpenShift parses it with go-ldap (`dn.go`, ParseDN) when it synchronizes groups. */
export function dnProblem(dn: string): ValueProblem | undefined {
  const allowed = "a DN, such as ou=people,dc=example,dc=com";
  if (OBJECT_DN.test(dn)) return undefined;
  const plain = dn.replaceAll(DN_ESCAPE, "_");
  if (plain.includes("\\"))
    return { wrong: "has a \\ without a special character or two hexadecimal digits after it", allowed, fix: "write \\\\ for a \\" };
  // go-ldap reads a semicolon as a comma, like RFC 1779.
  const odd = plain.split(/[,;+]/).find((part) => !DN_PART.test(part));
  if (odd === undefined) return undefined;
  const wrong = `is not a DN: ${JSON.stringify(odd)} is not of the form attribute=value`;
  return {
    wrong,
    allowed,
    fix: "write attribute=value, and in a value \\, for a comma, \\+ for a +, \\; for a semicolon and \\# for a leading #",
  };
}

/** Checks bindDN: a DN, or an alternative user name of Active Directory (MS-ADTS, section 5.1.1.1.1), which contains no =. */
export function bindNameProblem(name: string): ValueProblem | undefined {
  return name.includes("=") ? dnProblem(name) : undefined;
}

/** Checks the name of an LDAP group, which becomes one line of the file with the groups to synchronize. */
export function ldapGroupProblem(name: string): ValueProblem | undefined {
  const invisible = invisibleIn(name);
  return invisible === undefined ? undefined : { wrong: `has an invisible character (${invisible})` };
}
