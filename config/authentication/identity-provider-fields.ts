import type { ValueProblem } from "../problem";
import { urlProblem } from "../url";
import { certificatesProblem as problemOfCertificates } from "../certificates";

/**
 * Checks a provider's name. The name is part of object names, of the callback URL and of every identity, and only lower case is valid in all
 * three.
 */
export function providerNameProblem(name: string): ValueProblem | undefined {
  if (/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)) return undefined;
  return {
    wrong: `is ${JSON.stringify(name)}, which is not a valid name of an identity provider`,
    allowed: "1 to 40 lower-case letters, digits and hyphens, starting and ending with a letter or digit",
  };
}

const form = problemOfCertificates("paste the certificates as they are in their file");

/** Checks PEM certificates in a field of a provider. */
export function providerCertificatesProblem(text: string): ValueProblem | undefined {
  const problem = form(text);
  return problem && { ...problem, allowed: "PEM certificates, one after the other" };
}

const HTTPS = "https://host[:port][/path]";

/** Checks a server's URL as OpenShift does: https, without user, query and fragment (openshift/api, `config/v1/types_oauth.go`). */
export function httpsUrlProblem(text: string): ValueProblem | undefined {
  const problem = urlProblem(text, ({ scheme, userinfo, query, fragment }) =>
    scheme === "https" && [userinfo, query, fragment].every((part) => part === undefined)
      ? undefined
      : { wrong: "is not an https URL, or has a user, a query or a fragment" },
  );
  return problem && { allowed: HTTPS, ...problem };
}

/** Path that the cluster appends to an issuer to find its endpoints (OpenID Connect Discovery 1.0, section 4). */
const DISCOVERY = "/.well-known/openid-configuration";

/** Checks the URL of an OpenID issuer. */
export function issuerProblem(text: string): ValueProblem | undefined {
  const problem = httpsUrlProblem(text);
  if (problem || !text.includes(DISCOVERY)) return problem;
  return {
    wrong: `has ${DISCOVERY} in it, which the cluster appends itself`,
    allowed: HTTPS,
    fix: `write ${text.slice(0, text.indexOf(DISCOVERY))}`,
  };
}

/**
 * Checks the URL of an authenticating proxy. It must contain a placeholder for the URL or the query of the client's request (OpenShift,
 * request header identity provider).
 */
export function proxyUrlProblem(text: string): ValueProblem | undefined {
  const filled = text.replaceAll(/\$\{(?:url|query)\}/g, "x");
  const problem = urlProblem(filled, ({ scheme }) => {
    if (scheme !== "https") return { wrong: "is not an https URL" };
    return filled === text ? { wrong: "contains neither ${url} nor ${query}" } : undefined;
  });
  return problem && { allowed: "https://host/path?${query}, or with ${url}", ...problem };
}

/** Checks a GitHub team: `organization/team`. */
export function githubTeamProblem(team: string): ValueProblem | undefined {
  return /^[^/\s]+\/[^/\s]+$/.test(team) ? undefined : { wrong: "is not of the form organization/team" };
}

export function hostProblem(text: string): ValueProblem | undefined {
  const allowed = "a host name with a dot, such as github.example.com";
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text)) return { wrong: "is not a valid host name", allowed };
  return undefined;
}
