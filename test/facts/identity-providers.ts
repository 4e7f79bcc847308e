import { CERTIFICATE, CLIENT_CERTIFICATE, CLIENT_KEY } from "../unit/config/key-material";

/**
 * One identity provider of each type with every field that it can have, and its entry in OAuth, written by hand from openshift/api
 * (`config/v1/types_oauth.go`).
 */
export const providerFacts: readonly {
  readonly configured: Readonly<Record<string, unknown>>;
  readonly entry: Readonly<Record<string, unknown>>;
}[] = [
  {
    configured: { name: "htpasswd", type: "HTPasswd" },
    entry: { name: "htpasswd", type: "HTPasswd", mappingMethod: "claim", htpasswd: { fileData: { name: "htpasswd-users" } } },
  },
  {
    configured: {
      name: "ldap",
      type: "LDAP",
      mappingMethod: "add",
      url: "ldaps://ldap.example.com/ou=people,dc=example,dc=com?uid?sub?(objectClass=person)",
      bindDN: "cn=reader,dc=example,dc=com",
      ca: CERTIFICATE,
      attributes: { id: ["entryUUID"], preferredUsername: ["uid"], name: ["displayName", "cn"], email: [] },
      groupSync: { schedule: "*/15 * * * *", usersBaseDN: "ou=people,dc=example,dc=com", groupsBaseDN: "ou=groups,dc=example,dc=com" },
    },
    entry: {
      name: "ldap",
      type: "LDAP",
      mappingMethod: "add",
      ldap: {
        url: "ldaps://ldap.example.com/ou=people,dc=example,dc=com?uid?sub?(objectClass=person)",
        bindDN: "cn=reader,dc=example,dc=com",
        bindPassword: { name: "ldap-bind-password" },
        insecure: false,
        ca: { name: "ldap-ca" },
        attributes: { id: ["entryUUID"], preferredUsername: ["uid"], name: ["displayName", "cn"] },
      },
    },
  },
  {
    configured: {
      name: "github",
      type: "GitHub",
      clientID: "gh",
      organizations: ["example"],
      hostname: "github.example.com",
      ca: CERTIFICATE,
    },
    entry: {
      name: "github",
      type: "GitHub",
      mappingMethod: "claim",
      github: {
        clientID: "gh",
        clientSecret: { name: "github-client-secret" },
        organizations: ["example"],
        hostname: "github.example.com",
        ca: { name: "github-ca" },
      },
    },
  },
  {
    configured: { name: "gitlab", type: "GitLab", clientID: "gl", url: "https://gitlab.example.com", ca: CERTIFICATE },
    entry: {
      name: "gitlab",
      type: "GitLab",
      mappingMethod: "claim",
      gitlab: {
        clientID: "gl",
        clientSecret: { name: "gitlab-client-secret" },
        url: "https://gitlab.example.com",
        ca: { name: "gitlab-ca" },
      },
    },
  },
  {
    configured: { name: "google", type: "Google", mappingMethod: "lookup", clientID: "go", hostedDomain: "example.com" },
    entry: {
      name: "google",
      type: "Google",
      mappingMethod: "lookup",
      google: { clientID: "go", clientSecret: { name: "google-client-secret" }, hostedDomain: "example.com" },
    },
  },
  {
    configured: {
      name: "sso",
      type: "OpenID",
      clientID: "oidc",
      issuer: "https://sso.example.com/realms/main",
      ca: CERTIFICATE,
      claims: { preferredUsername: ["nick"], name: ["name"], email: ["email"], groups: ["groups"] },
      extraScopes: ["profile", "email"],
      extraAuthorizeParameters: { prompt: "login" },
    },
    entry: {
      name: "sso",
      type: "OpenID",
      mappingMethod: "claim",
      openID: {
        clientID: "oidc",
        clientSecret: { name: "sso-client-secret" },
        issuer: "https://sso.example.com/realms/main",
        ca: { name: "sso-ca" },
        claims: { preferredUsername: ["nick"], name: ["name"], email: ["email"], groups: ["groups"] },
        extraScopes: ["profile", "email"],
        extraAuthorizeParameters: { prompt: "login" },
      },
    },
  },
  {
    configured: {
      name: "keystone",
      type: "Keystone",
      url: "https://keystone.example.com:5000",
      domainName: "default",
      ca: CERTIFICATE,
      clientCertificate: CLIENT_CERTIFICATE,
    },
    entry: {
      name: "keystone",
      type: "Keystone",
      mappingMethod: "claim",
      keystone: {
        url: "https://keystone.example.com:5000",
        domainName: "default",
        ca: { name: "keystone-ca" },
        tlsClientCert: { name: "keystone-client-certificate" },
        tlsClientKey: { name: "keystone-client-certificate" },
      },
    },
  },
  {
    configured: { name: "basic", type: "BasicAuth", url: "https://users.example.com/check" },
    entry: { name: "basic", type: "BasicAuth", mappingMethod: "claim", basicAuth: { url: "https://users.example.com/check" } },
  },
  {
    configured: {
      name: "proxy",
      type: "RequestHeader",
      ca: CERTIFICATE,
      clientCommonNames: ["proxy"],
      loginURL: "https://proxy.example.com/login?${query}",
      challengeURL: "https://proxy.example.com/challenge?then=${url}",
      headers: ["X-Remote-User", "SSO-User"],
      preferredUsernameHeaders: ["X-Remote-Login"],
      nameHeaders: ["X-Remote-Name"],
      emailHeaders: ["X-Remote-Email"],
    },
    entry: {
      name: "proxy",
      type: "RequestHeader",
      mappingMethod: "claim",
      requestHeader: {
        ca: { name: "proxy-ca" },
        clientCommonNames: ["proxy"],
        loginURL: "https://proxy.example.com/login?${query}",
        challengeURL: "https://proxy.example.com/challenge?then=${url}",
        headers: ["X-Remote-User", "SSO-User"],
        preferredUsernameHeaders: ["X-Remote-Login"],
        nameHeaders: ["X-Remote-Name"],
        emailHeaders: ["X-Remote-Email"],
      },
    },
  },
];

/** The providers' secrets by provider. The keys and namespaces of the objects are in the tests. */
export const providerSecrets: Readonly<Record<string, string>> = {
  ldap: "secret-of-ldap",
  github: "secret-of-github",
  gitlab: "secret-of-gitlab",
  google: "secret-of-google",
  sso: "secret-of-sso",
  keystone: CLIENT_KEY,
};

/** The secrets that the commands of the guide add to its examples. */
export function documentedSecrets(keys: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const providers = (keys.identityProviders ?? []) as readonly { name: string; type: string; bindDN?: string }[];
  const named = providers.filter(({ type, bindDN }) => ["GitHub", "GitLab", "Google", "OpenID"].includes(type) || bindDN !== undefined);
  return {
    identityProviderSecrets: Object.fromEntries(named.map(({ name }) => [name, `secret of ${name}`])),
    ...(providers.some(({ type }) => type === "HTPasswd") && { htpasswdUsers: { anna: "anna's own password" } }),
  };
}
