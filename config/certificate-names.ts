import { isIP } from "node:net";
import { contextTag, derInside, derValues, type DerValue, TAG } from "./der";

/** Tags of the general names that Go checks (RFC 5280, section 4.2.1.6). */
const NAME = { email: contextTag(1), dns: contextTag(2), uri: contextTag(6), ip: contextTag(7) } as const;

/**
 * The reason why Go refuses the name of a subject or an issuer (`crypto/x509`, parseName and parseASN1String); the message continues "has a name".
 *
 * @throws SyntaxError if the bytes are not DER
 */
export function distinguishedNameProblem(name: DerValue): string | undefined {
  for (const set of derInside(name, TAG.sequence))
    for (const attribute of derInside(set, TAG.set)) {
      const value = derInside(attribute, TAG.sequence).at(1);
      if (value === undefined || !isString(value)) return "whose characters don't fit its ASN.1 type";
    }
  return undefined;
}

function isString({ tag, content }: DerValue): boolean {
  const text = content.toString("latin1");
  switch (tag) {
    case TAG.utf8String:
      return Buffer.from(content.toString("utf8")).equals(content);
    case TAG.printableString:
      // The pattern also accepts * and &: ASN.1 does not allow them in a PrintableString, but many CAs write them.
      return !/[^A-Za-z0-9'()+,\-./ :=?*&]/.test(text);
    case TAG.ia5String:
      return isAscii(content);
    case TAG.numericString:
      return !/[^0-9 ]/.test(text);
    case TAG.bmpString:
      return content.length % 2 === 0;
    default:
      return tag === TAG.t61String;
  }
}

/**
 * The reason why Go refuses a subject alternative name (`crypto/x509`, parseSANExtension); the message continues "has a subject alternative name".
 *
 * @throws SyntaxError if the bytes are not DER
 */
export function alternativeNameProblem(names: Buffer): string | undefined {
  for (const { tag, content } of derInside(derValues(names).at(0), TAG.sequence)) {
    const text = content.toString("latin1");
    if (([NAME.email, NAME.dns, NAME.uri] as number[]).includes(tag) && !isAscii(content))
      return `that is not ASCII (${JSON.stringify(content.toString("utf8"))})`;
    if (tag === NAME.uri && !isUri(text)) return `that is not a URI (${JSON.stringify(text)})`;
    if (tag === NAME.ip && content.length !== 4 && content.length !== 16) return `that is an IP address of ${content.length} bytes`;
  }
  return undefined;
}

/**
 * The reason why Go refuses a name constraint of a CA (`crypto/x509`, parseNameConstraintsExtension); the message continues "has a name constraint".
 *
 * @throws SyntaxError if the bytes are not DER
 */
export function nameConstraintProblem(constraints: Buffer): string | undefined {
  const subtrees = derInside(derValues(constraints).at(0), TAG.sequence).flatMap(({ content }) => derValues(content));
  if (subtrees.length === 0) return "that is empty";
  for (const subtree of subtrees) {
    const base = derInside(subtree, TAG.sequence).at(0);
    if (base === undefined) return "that is empty";
    if (!isConstraint(base)) return `that is not valid (${JSON.stringify(base.content.toString("latin1"))})`;
  }
  return undefined;
}

function isConstraint({ tag, content }: DerValue): boolean {
  const text = content.toString("latin1");
  switch (tag) {
    case NAME.dns:
      return isDomain(text, true);
    case NAME.email:
      return text.includes("@") ? isAscii(content) && /^[^@\s]{1,64}@[^@\s]{1,253}$/.test(text) : isDomain(text, true);
    case NAME.uri:
      return isIP(text) === 0 && isDomain(text, true);
    case NAME.ip:
      return (content.length === 8 || content.length === 32) && isMask(content.subarray(content.length / 2));
    default:
      return true;
  }
}

function isMask(mask: Buffer): boolean {
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return !bits.includes("01");
}

/** Like Go's domainNameValid: labels are printable and not empty; a constraint may start with a dot. */
function isDomain(text: string, constraint: boolean): boolean {
  if (text === "") return true;
  const labels = (constraint && text.startsWith(".") ? text.slice(1) : text).split(".");
  return labels.every((label) => label !== "" && !/[^\x21-\x7e]/.test(label));
}

/**
 * Whether Go's `net/url` accepts a text as a URI, and `crypto/x509` accepts its host. URIs without a host are allowed, such as urn:uuid:….
 */
function isUri(text: string): boolean {
  if (/[^\x20-\x7e]|%(?![0-9A-Fa-f]{2})|^:/.test(text)) return false;
  const authority = /^(?:[A-Za-z][A-Za-z0-9+.-]{0,30}:)?\/\/([^/?#]{0,1000})/.exec(text)?.[1];
  if (authority === undefined) return /^[A-Za-z][A-Za-z0-9+.-]{0,30}:/.test(text) || !text.split(/[/?#]/, 1)[0].includes(":");
  const at = authority.lastIndexOf("@");
  if (at >= 0 && /[^A-Za-z0-9._~!$&'()*+,;=:@%-]/.test(authority.slice(0, at))) return false;
  const host = authority.slice(at + 1);
  if (host === "") return true;
  const bare = /^(.{1,1000}?)(?::[0-9]{0,10})?$/.exec(host)?.[1] ?? "";
  return bare.startsWith("[")
    ? bare.endsWith("]") && isIP(bare.slice(1, -1)) === 6
    : !/[^A-Za-z0-9._~!$&'()*+,;=<>"-]/.test(bare) && isDomain(host, false);
}

function isAscii(bytes: Buffer): boolean {
  return bytes.every((byte) => byte < 0x80);
}
