import { isIPv4, isIPv6 } from "node:net";
import { domainToASCII } from "node:url";
import type { ValueProblem } from "./problem";
import { invisibleIn } from "./invisible";

/** The parts of a URL, as they are written. */
export interface Url {
  /** Without the colon, in lower case. */
  readonly scheme: string;
  /** `user` or `user:password`, percent-encoded. */
  readonly userinfo?: string;
  /** An IPv6 address is in brackets. */
  readonly host: string;
  readonly port?: number;
  readonly path: string;
  /** Without the question mark. */
  readonly query?: string;
  /** Without the number sign. */
  readonly fragment?: string;
}

interface Options {
  /** Whether path and query may contain every printable character. Go's parser accepts them, and LDAP's names and filters contain many. */
  readonly anyCharacters?: boolean;
}

/** Thrown for a text that is not a URL. */
class UrlError extends Error {
  constructor(readonly problem: ValueProblem) {
    super(problem.wrong);
  }
}

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]{0,30}):/;
/** RFC 3986, section 3.2.1. Go also accepts an `@`, but curl, which nodes use too, doesn't. */
const USERINFO = /^(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*$/;
const HOST = /^(?=.{1,254}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?$/;
/** A character that is not allowed in a path, query or fragment (RFC 3986, sections 3.3 to 3.5). */
const ODD_CHARACTER = /[^A-Za-z0-9._~!$&'()*+,;=:@/?%-]/u;
const BARE_PERCENT = /%(?![0-9A-Fa-f]{2})/;
const MAX_PORT = 65_535;

const IN_USERINFO =
  "in user and password, these characters percent-encoded: a space as %20, # as %23, % as %25, / as %2F, : as %3A, ? as %3F, @ as %40, [ as %5B, \\ as %5C, ] as %5D, " +
  '^ as %5E, { as %7B, | as %7C, } as %7D, " as %22, < as %3C, > as %3E, ` as %60, and each byte of a character beyond ASCII (ß as %C3%9F)';

/**
 * Checks a URL. It checks the text itself, like RFC 3986 and Go's `net/url`, because the cluster gets the unchanged text. `new URL` would
 * first repair the text like a browser, and so would accept URLs that no other program understands.
 *
 * @param judge returns a further problem of the parsed URL; only called if the text is a URL
 */
export function urlProblem(text: string, judge: (url: Url) => ValueProblem | undefined, options: Options = {}): ValueProblem | undefined {
  try {
    return judge(parseUrl(text, options));
  } catch (error) {
    if (error instanceof UrlError) return error.problem;
    throw error;
  }
}

/** Parses a URL. @throws Error with a message that continues the text's name. */
export function parseUrl(text: string, { anyCharacters = false }: Options = {}): Url {
  refuseControlCharacters(text);
  const scheme = schemeOf(text);
  const [authority, rest] = split(text.slice(scheme.length + "://".length), /[/?#]/);
  const at = authority.lastIndexOf("@");
  if (at < 0 && looksLikeUserinfo(authority) && rest.includes("@")) throw unencodedUserinfo();
  const userinfo = at < 0 ? undefined : authority.slice(0, at);
  if (userinfo !== undefined && !USERINFO.test(userinfo)) throw unencodedUserinfo();
  const [beforeFragment, fragment] = split(rest, /#/);
  const [path, query] = split(beforeFragment, /\?/);
  for (const [name, part] of Object.entries({ path, query, fragment }))
    refuseOddCharacters(name, part, anyCharacters && name !== "fragment");
  return {
    scheme: scheme.toLowerCase(),
    ...(userinfo !== undefined && { userinfo }),
    ...hostAndPort(authority.slice(at + 1)),
    path,
    ...(query !== "" && { query: query.slice(1) }),
    ...(fragment !== "" && { fragment: fragment.slice(1) }),
  };
}

/** Whether a URL may contain a user or a password: anything before an `@`. */
export function holdsUserinfo(url: string): boolean {
  return url.includes("@");
}

/** User and password of a URL, which may be invalid: everything between `//` and the last `@`, because a password may contain an `@`. */
export function userinfoOf(text: string): string | undefined {
  const at = text.lastIndexOf("@");
  if (at < 0) return undefined;
  const slashes = text.slice(0, at).indexOf("//");
  return text.slice(slashes < 0 ? 0 : slashes + "//".length, at);
}

/** Replaces user and password in a text by `mask`. */
export function maskUserinfo(text: string, mask: string): string {
  const at = text.lastIndexOf("@");
  const userinfo = userinfoOf(text);
  return userinfo === undefined ? text : `${text.slice(0, at - userinfo.length)}${mask}${text.slice(at)}`;
}

function refuseControlCharacters(text: string): void {
  const odd = invisibleIn(text);
  if (odd === undefined) return;
  const what = ["U+000A", "U+000D"].includes(odd) ? "a line break" : `an invisible character (${odd})`;
  throw new UrlError({ wrong: `has ${what} in it`, fix: "set it again without this character, in single quotes" });
}

function schemeOf(text: string): string {
  const scheme = SCHEME.exec(text)?.[1];
  if (text !== text.trim()) throw new UrlError({ wrong: "has a space at its start or end", fix: "set it again without the space" });
  if (scheme === undefined || !/[/\\]/.test(text)) throw new UrlError({ wrong: "is not a URL" });
  const slashes = text.slice(scheme.length + 1);
  if (slashes.startsWith("//")) return scheme;
  const wrong = slashes.startsWith("\\") ? "has backslashes instead of //" : `has no // after ${scheme}:`;
  throw new UrlError({ wrong });
}

/** Splits a text before the first match of a pattern. */
function split(text: string, pattern: RegExp): [before: string, rest: string] {
  const at = text.search(pattern);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at)];
}

/**
 * Whether an authority is probably not a host, but a user and the start of a password. An authority ends at the first `/`, `?` or `#`, so
 * it is cut if the password contains such a character.
 */
function looksLikeUserinfo(authority: string): boolean {
  return /^[^:[\]]*:(?!\d{1,5}$)/.test(authority);
}

function unencodedUserinfo(): UrlError {
  return new UrlError({
    wrong: "has a character in its user or password that must be percent-encoded",
    allowed: IN_USERINFO,
    fix: 'encode the password with `read -rs word && printf %s "$word" | jq -sRr @uri`, and set the URL again with the result, in single quotes',
  });
}

function hostAndPort(text: string): Pick<Url, "host" | "port"> {
  const { host = "", port } = (/^(?<host>\[[^\]]*\]|[^:]*)(?::(?<port>.*))?$/.exec(text)?.groups ?? {}) as Partial<
    Record<"host" | "port", string>
  >;
  if (isIPv6(text))
    throw new UrlError({ wrong: "has an IPv6 address without brackets", allowed: "an IPv6 address in brackets, as in [2001:db8::1]:3128" });
  if (host === "") throw new UrlError({ wrong: "has no host" });
  if (/[^\x20-\x7e]/.test(host))
    throw new UrlError({
      wrong: "has a character in its host that is not ASCII",
      fix: `write ${domainToASCII(host) || "the host's name in its xn-- form"}`,
    });
  // The message doesn't show the host, because the host may be the start of a password that contains a /.
  if (!isHost(host)) throw new UrlError({ wrong: "has a host that is neither a host name nor an IP address" });
  if (port !== undefined && (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > MAX_PORT))
    throw new UrlError({ wrong: "has no valid port (1 to 65535) after the colon" });
  return { host, ...(port !== undefined && { port: Number(port) }) };
}

function isHost(host: string): boolean {
  if (host.startsWith("[")) return isIPv6(host.slice(1, -1)) && !host.includes("%");
  // Browsers read 127.1 and 0x7f.1 as addresses; other programs read them as names that don't exist.
  const isNumeric = /(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$/i.test(host);
  return isNumeric ? isIPv4(host) : HOST.test(host);
}

function refuseOddCharacters(name: string, part: string, anyCharacters: boolean): void {
  // `part` starts with its delimiter (/, ? or #). The delimiter of a fragment is removed, because a # is not allowed in the fragment
  // itself.
  const odd = anyCharacters ? undefined : ODD_CHARACTER.exec(name === "fragment" ? part.slice(1) : part)?.[0];
  if (odd !== undefined) {
    throw new UrlError({
      wrong: `has ${odd === " " ? "a space" : `the character ${JSON.stringify(odd)}`} in its ${name}`,
      fix: `write ${percentEncoded(odd)} instead`,
    });
  }
  if (BARE_PERCENT.test(part))
    throw new UrlError({ wrong: `has a % in its ${name} without two hexadecimal digits after it`, fix: "write %25 for a %" });
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}
