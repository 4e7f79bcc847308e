import type { Flaw } from "../finding";
import { urlFlaw } from "../url";
import { certificatesFlaw as flawOfCertificates } from "./certificates";

/** Part of object names, of the callback URL and of every identity; lower case, so that all three can be one name. */
export function providerNameFlaw(name: string): Flaw | undefined {
  if (/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)) return undefined;
  return {
    wrong: `is ${JSON.stringify(name)}`,
    allowed: "1 to 40 lower-case letters, digits and hyphens, none of them at an end but letters and digits",
  };
}

const form = flawOfCertificates("put the certificates there as they are in their file");

/** PEM certificates in a field of a provider. */
export function certificatesFlaw(text: string): Flaw | undefined {
  const flaw = form(text);
  return flaw && { ...flaw, allowed: "PEM certificates, one after the other" };
}

const HTTPS = "https://host[:port][/path]";

/** A URL of https without user, query and fragment: what OpenShift takes for a server (openshift/api, `config/v1/types_oauth.go`). */
export function httpsUrlFlaw(text: string): Flaw | undefined {
  const flaw = urlFlaw(text, ({ scheme, userinfo, query, fragment }) =>
    scheme === "https" && [userinfo, query, fragment].every((part) => part === undefined)
      ? undefined
      : { wrong: "is not an https URL without user, query and fragment" },
  );
  return flaw && { allowed: HTTPS, ...flaw };
}

/** What the cluster adds to an issuer to find its endpoints (OpenID Connect Discovery 1.0, section 4). */
const DISCOVERY = "/.well-known/openid-configuration";

/** The URL of an OpenID issuer. */
export function issuerFlaw(text: string): Flaw | undefined {
  const flaw = httpsUrlFlaw(text);
  if (flaw || !text.includes(DISCOVERY)) return flaw;
  return {
    wrong: `has ${DISCOVERY} in it, which the cluster adds to the issuer itself`,
    allowed: HTTPS,
    fix: `write ${text.slice(0, text.indexOf(DISCOVERY))}`,
  };
}

/** Where an authenticating proxy is: the client's own URL or query is put into it (OpenShift, request header identity provider). */
export function proxyUrlFlaw(text: string): Flaw | undefined {
  const filled = text.replaceAll(/\$\{(?:url|query)\}/g, "x");
  const flaw = urlFlaw(filled, ({ scheme }) => {
    if (scheme !== "https") return { wrong: "is not an https URL" };
    return filled === text ? { wrong: "passes neither ${url} nor ${query} on" } : undefined;
  });
  return flaw && { allowed: "https://host/path?${query}, or with ${url}", ...flaw };
}

/** GitHub's own names: `organization/team`. */
export function githubTeamFlaw(team: string): Flaw | undefined {
  return /^[^/\s]+\/[^/\s]+$/.test(team) ? undefined : { wrong: "is not of the form organization/team" };
}

export function hostFlaw(text: string): Flaw | undefined {
  const allowed = "the name of a host";
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text)) return { wrong: "is not the name of a host", allowed };
  return undefined;
}
