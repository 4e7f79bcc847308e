import { createPrivateKey } from "node:crypto";
import { type Finding, removeEntryCommand, setSecretEntryCommand } from "../finding";
import { own } from "../own";
import { readCertificates } from "../pem";
import { type Facts, rule } from "../rule";
import { dnFlaw } from "./ldap";
import { formatPrivateKey, tlsKeyFlaw } from "./private-key";

type IdentityProvider = Facts["identityProviders"][number];

/** What of a provider is kept in identityProviderSecrets; undefined where it has no secret. */
export function secretOf(provider: IdentityProvider): string | undefined {
  switch (provider.type) {
    case "GitHub":
    case "GitLab":
    case "Google":
    case "OpenID":
      return "its client secret";
    case "LDAP":
      return provider.bindDN === undefined ? undefined : "bindDN's password";
    case "Keystone":
    case "BasicAuth":
      return provider.clientCertificate === undefined ? undefined : "the private key of its clientCertificate";
    case "HTPasswd":
    case "RequestHeader":
      return undefined;
  }
}

export const providersHaveTheirSecrets = rule(
  ["identityProviders", "identityProviderSecrets"],
  ({ identityProviders, identityProviderSecrets }): Finding[] => {
    const key = "identityProviderSecrets";
    const wanted = new Map(
      identityProviders.flatMap((provider) => {
        const secret = secretOf(provider);
        return secret === undefined ? [] : [[provider.name, secret] as const];
      }),
    );
    const missing = [...wanted].filter(([name]) => own(identityProviderSecrets, name) === undefined);
    const unused = Object.keys(identityProviderSecrets).filter((name) => !wanted.has(name));
    return [
      ...missing.map(([name, secret]) => ({
        key,
        wrong: `has no ${JSON.stringify(name)}, but that identity provider needs ${secret}`,
        fix: setSecretEntryCommand(key, name),
      })),
      ...unused.map((name) => ({
        key,
        wrong: `has ${JSON.stringify(name)}, but no identity provider of that name has a secret`,
        allowed: wanted.size === 0 ? "nothing, with these identityProviders" : [...wanted.keys()].join(", "),
        fix: removeEntryCommand(key, name),
      })),
    ];
  },
);

/** A client certificate is of no use without its own private key. */
export const clientCertificatesFit = rule(
  ["identityProviders", "identityProviderSecrets"],
  ({ identityProviders, identityProviderSecrets }): Finding[] =>
    identityProviders.flatMap((provider): Finding[] => {
      const certificate = "clientCertificate" in provider ? provider.clientCertificate : undefined;
      const secret = own(identityProviderSecrets, provider.name);
      if (certificate === undefined || secret === undefined) return [];
      const key = "identityProviderSecrets";
      const fix = setSecretEntryCommand(key, provider.name, "key");
      const flaw = tlsKeyFlaw(fix)(secret);
      if (flaw) return [{ ...flaw, key, wrong: `has the entry ${JSON.stringify(provider.name)}, which ${flaw.wrong}` }];
      if (readCertificates(certificate)[0].checkPrivateKey(createPrivateKey(formatPrivateKey(secret)))) return [];
      return [{ key, wrong: `has the entry ${JSON.stringify(provider.name)}, which is not the key of its clientCertificate`, fix }];
    }),
);

/** What OpenShift itself refuses of a single provider only once it is applied (openshift/kubernetes, `admission/customresourcevalidation/oauth`). */
export const providersAreComplete = rule(["identityProviders"], ({ identityProviders }): Finding[] =>
  identityProviders.flatMap((provider, index): Finding[] =>
    flawsOf(provider).map(([wrong, fix]) => ({ key: "identityProviders", wrong: `item ${index + 1} (${provider.name}) ${wrong}`, fix })),
  ),
);

/** Each with its fix. */
function flawsOf(provider: IdentityProvider): [wrong: string, fix: string][] {
  const anyone = provider.mappingMethod !== "lookup";
  switch (provider.type) {
    case "GitHub": {
      const { organizations, teams, hostname, ca } = provider;
      const flaws: [string, string][] = [];
      if (organizations.length > 0 && teams.length > 0) flaws.push(["has both organizations and teams", "keep one of the two"]);
      if (organizations.length + teams.length === 0 && hostname === undefined && anyone)
        flaws.push(["lets in everybody with an account at GitHub", "name organizations or teams"]);
      if (hostname?.toLowerCase().endsWith("github.com"))
        flaws.push([`has the hostname ${hostname}, which is for servers of your own`, "take hostname out"]);
      if (ca !== undefined && hostname === undefined)
        flaws.push(["has a ca, but no hostname of a server of your own", "name the server, or take ca out"]);
      return flaws;
    }
    case "Google":
      return provider.hostedDomain === undefined && anyone ? [["lets in everybody with an account at Google", "name hostedDomain"]] : [];
    case "LDAP":
      return ldapFlaws(provider);
    case "RequestHeader": {
      const { loginURL, challengeURL, headers } = provider;
      return [
        ...(loginURL === undefined && challengeURL === undefined
          ? [["has neither loginURL nor challengeURL", "name one of them"] as [string, string]]
          : []),
        ...(headers.length === 0
          ? [["has no headers, so that nobody would be known", "name the header with the user"] as [string, string]]
          : []),
      ];
    }
    default:
      return [];
  }
}

function ldapFlaws({ url, insecure, ca, attributes, groupSync }: Extract<IdentityProvider, { type: "LDAP" }>): [string, string][] {
  const flaws: [string, string][] = [];
  if (insecure && url.startsWith("ldaps:")) flaws.push(["is insecure with an ldaps URL", "set insecure to false, or write ldap://"]);
  if (insecure && ca !== undefined) flaws.push(["is insecure and has a ca, which nothing would be held against", "take one of them out"]);
  if (attributes?.id.length === 0) flaws.push(["has no attributes.id", 'write ["dn"]']);
  if (groupSync === undefined) return flaws;
  const { schema, groupsBaseDN, groupNameAttributes, groups } = groupSync;
  // With activeDirectory they are names (openshift/library-go, pkg/security/ldapquery/query.go, NewSearchRequest).
  const odd = schema === "activeDirectory" ? undefined : groups.find((group) => dnFlaw(group) !== undefined);
  if (odd !== undefined)
    flaws.push([
      `has ${JSON.stringify(odd)} in groupSync.groups, which is not a DN`,
      "write the group's DN, such as cn=admins,ou=groups,dc=example,dc=com",
    ]);
  if (schema === "activeDirectory" ? groupsBaseDN !== undefined : groupsBaseDN === undefined)
    flaws.push(
      schema === "activeDirectory"
        ? ["has groupSync.groupsBaseDN, but with activeDirectory groups have no entries", "take it out, or use augmentedActiveDirectory"]
        : ["has no groupSync.groupsBaseDN", "say where groups are looked for"],
    );
  if (groupNameAttributes.length === 0) flaws.push(["has no groupSync.groupNameAttributes", 'write ["cn"]']);
  return flaws;
}
