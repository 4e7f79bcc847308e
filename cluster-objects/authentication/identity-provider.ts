import type { IdentityProvider, ProviderOf } from "../../config/authentication/settings";
import type { ApiObject } from "../object";
import { configMap, configSecret, reference } from "./config-object";
import { htpasswdSecretName } from "./htpasswd";

/** A provider's entry in OAuth, and the objects to which it refers. These must exist before the entry. */
export interface ProviderObjects {
  readonly entry: Readonly<Record<string, unknown>>;
  readonly secret?: ApiObject;
  readonly configMap?: ApiObject;
}

/**
 * One identity provider in OAuth's format (openshift/api, `config/v1/types_oauth.go`): a block named after the type, and references to this
 * provider's own Secret and ConfigMap.
 */
export function identityProviderObjects(provider: IdentityProvider): ProviderObjects {
  const { name, type, mappingMethod } = provider;
  const secret = secretFor(provider);
  const authority = "ca" in provider && provider.ca !== undefined ? configMap(`${name}-ca`, { "ca.crt": provider.ca }) : undefined;
  const references: References = { ...(secret && { secret: reference(secret) }), ...(authority && { ca: reference(authority) }) };
  return {
    entry: { name, type, mappingMethod, ...blockOf(provider, references) },
    ...(secret && { secret }),
    ...(authority && { configMap: authority }),
  };
}

/** Whether users are redirected to the provider's own page and back to a callback URL. */
export function redirectsToProvider({ type }: IdentityProvider): boolean {
  return ["GitHub", "GitLab", "Google", "OpenID"].includes(type);
}

interface References {
  readonly secret?: { readonly name: string };
  readonly ca?: { readonly name: string };
}

/** The Secret with the keys that the provider's type requires. */
function secretFor(provider: IdentityProvider): ApiObject | undefined {
  const { name, secret } = provider;
  if (secret === undefined) return undefined;
  switch (provider.type) {
    case "GitHub":
    case "GitLab":
    case "Google":
    case "OpenID":
      return configSecret(`${name}-client-secret`, { clientSecret: secret.reveal() });
    case "LDAP":
      return configSecret(`${name}-bind-password`, { bindPassword: secret.reveal() });
    case "Keystone":
    case "BasicAuth":
      return configSecret(
        `${name}-client-certificate`,
        { "tls.crt": provider.clientCertificate ?? "", "tls.key": secret.reveal() },
        "kubernetes.io/tls",
      );
    case "HTPasswd":
    case "RequestHeader":
      return undefined;
  }
}

function blockOf(provider: IdentityProvider, references: References): Readonly<Record<string, object>> {
  switch (provider.type) {
    case "HTPasswd":
      return { htpasswd: { fileData: { name: htpasswdSecretName(provider.name) } } };
    case "LDAP":
      return { ldap: ldap(provider, references) };
    case "GitHub": {
      const { organizations, teams, hostname } = provider;
      return {
        github: {
          ...client(provider, references),
          ...some({ organizations, teams }),
          ...(hostname !== undefined && { hostname }),
          ...authorityOf(references),
        },
      };
    }
    case "GitLab":
      return { gitlab: { ...client(provider, references), url: provider.url, ...authorityOf(references) } };
    case "Google":
      return {
        google: { ...client(provider, references), ...(provider.hostedDomain !== undefined && { hostedDomain: provider.hostedDomain }) },
      };
    case "OpenID":
      return { openID: openId(provider, references) };
    case "Keystone":
      return { keystone: { url: provider.url, domainName: provider.domainName, ...authorityOf(references), ...certificateOf(references) } };
    case "BasicAuth":
      return { basicAuth: { url: provider.url, ...authorityOf(references), ...certificateOf(references) } };
    case "RequestHeader":
      return { requestHeader: requestHeader(provider, references) };
  }
}

function ldap({ url, bindDN, insecure, attributes }: ProviderOf<"LDAP">, references: References): object {
  const { id, preferredUsername, name, email } = attributes ?? LDAP_ATTRIBUTES;
  return {
    url,
    ...(bindDN !== undefined && { bindDN, bindPassword: references.secret }),
    insecure,
    ...authorityOf(references),
    attributes: some({ id, preferredUsername, name, email }),
  };
}

/**
 * Defaults if the configuration names no attributes. If it names at least one attribute, config/authentication/identity-provider.ts adds
 * the same defaults.
 */
const LDAP_ATTRIBUTES = { id: ["dn"], preferredUsername: ["uid"], name: ["cn"], email: ["mail"] };

function openId(provider: ProviderOf<"OpenID">, references: References): object {
  const { issuer, extraScopes, extraAuthorizeParameters } = provider;
  const { preferredUsername, name, email, groups } = provider.claims ?? OPENID_CLAIMS;
  return {
    ...client(provider, references),
    issuer,
    ...authorityOf(references),
    claims: some({ preferredUsername, name, email, groups }),
    ...some({ extraScopes }),
    ...(Object.keys(extraAuthorizeParameters).length > 0 && { extraAuthorizeParameters }),
  };
}

/** The standard claims (OpenID Connect Core 1.0, section 5.1). */
const OPENID_CLAIMS = { preferredUsername: ["preferred_username"], name: ["name"], email: ["email"], groups: [] };

function requestHeader(provider: ProviderOf<"RequestHeader">, references: References): object {
  const { clientCommonNames, loginURL, challengeURL, headers, preferredUsernameHeaders, nameHeaders, emailHeaders } = provider;
  return {
    ...authorityOf(references),
    ...(loginURL !== undefined && { loginURL }),
    ...(challengeURL !== undefined && { challengeURL }),
    headers,
    ...some({ clientCommonNames, preferredUsernameHeaders, nameHeaders, emailHeaders }),
  };
}

function client({ clientID }: { readonly clientID: string }, { secret }: References): object {
  return { clientID, clientSecret: secret };
}

function authorityOf({ ca }: References): object {
  return ca === undefined ? {} : { ca };
}

/** References to the client certificate and its key. Both are in one Secret, under the two keys that the Secret's type requires. */
function certificateOf({ secret }: References): object {
  return secret === undefined ? {} : { tlsClientCert: secret, tlsClientKey: secret };
}

/** The lists that are not empty. */
function some(lists: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}
