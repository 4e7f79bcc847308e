import { createPrivateKey } from "node:crypto";
import { ownValue } from "../../lib/own-value";
import { type KeyProblem, setSecretEntryCommand } from "../problem";
import { readCertificates } from "../pem";
import { formatPrivateKey, tlsKeyProblem } from "../private-key";
import { rule } from "../rule";
import { secretEntryProblems, wantedSecrets } from "../secret-entries";
import { type ProviderSettings, secretOf } from "./identity-provider";
import { dnProblem } from "./ldap";

export const providersHaveTheirSecrets = rule(["identityProviders", "identityProviderSecrets"], (facts) =>
  secretEntryProblems({
    key: "identityProviderSecrets",
    secrets: facts.identityProviderSecrets,
    owners: "identityProviders",
    owner: "identity provider",
    wanted: wantedSecrets(facts.identityProviders, secretOf),
  }),
);

/** The private key in identityProviderSecrets must match the provider's client certificate. */
export const clientCertificatesFit = rule(
  ["identityProviders", "identityProviderSecrets"],
  ({ identityProviders, identityProviderSecrets }): KeyProblem[] =>
    identityProviders.flatMap((provider): KeyProblem[] => {
      const certificate = "clientCertificate" in provider ? provider.clientCertificate : undefined;
      const secret = ownValue(identityProviderSecrets, provider.name);
      if (certificate === undefined || secret === undefined) return [];
      const key = "identityProviderSecrets";
      const fix = setSecretEntryCommand(key, provider.name, "key");
      const problem = tlsKeyProblem(fix)(secret);
      if (problem) return [{ ...problem, key, wrong: `has an entry ${JSON.stringify(provider.name)}, which ${problem.wrong}` }];
      if (readCertificates(certificate)[0].checkPrivateKey(createPrivateKey(formatPrivateKey(secret)))) return [];
      return [
        {
          key,
          wrong: `has an entry ${JSON.stringify(provider.name)}, which is not the private key of the provider's clientCertificate`,
          fix,
        },
      ];
    }),
);

/**
 * Problems of a single provider. OpenShift would report them only when the program writes the OAuth object (openshift/kubernetes,
 * `admission/customresourcevalidation/oauth`).
 */
export const providersAreComplete = rule(["identityProviders"], ({ identityProviders }): KeyProblem[] =>
  identityProviders.flatMap((provider, index): KeyProblem[] =>
    problemsOf(provider).map(([wrong, fix]) => ({ key: "identityProviders", wrong: `item ${index + 1} (${provider.name}) ${wrong}`, fix })),
  ),
);

/** The problems of an identity provider, each with its fix. */
function problemsOf(provider: ProviderSettings): [wrong: string, fix: string][] {
  const anyone = provider.mappingMethod !== "lookup";
  switch (provider.type) {
    case "GitHub": {
      const { organizations, teams, hostname, ca } = provider;
      const problems: [string, string][] = [];
      if (organizations.length > 0 && teams.length > 0) problems.push(["has both organizations and teams", "keep one of the two"]);
      if (organizations.length + teams.length === 0 && hostname === undefined && anyone)
        problems.push(["lets in everybody with a GitHub account", "add organizations or teams"]);
      if (hostname?.toLowerCase().endsWith("github.com"))
        problems.push([`has the hostname ${hostname}, but hostname is only for GitHub Enterprise servers`, "remove hostname"]);
      if (ca !== undefined && hostname === undefined)
        problems.push(["has a ca, but no hostname of a GitHub Enterprise server", "add hostname, or remove ca"]);
      return problems;
    }
    case "Google":
      return provider.hostedDomain === undefined && anyone ? [["lets in everybody with a Google account", "add hostedDomain"]] : [];
    case "LDAP":
      return ldapProblems(provider);
    case "RequestHeader": {
      const { loginURL, challengeURL, headers } = provider;
      return [
        ...(loginURL === undefined && challengeURL === undefined
          ? [["has neither loginURL nor challengeURL", "add one of them"] as [string, string]]
          : []),
        ...(headers.length === 0
          ? [["has no headers, so no user could be identified", "add the header with the user"] as [string, string]]
          : []),
      ];
    }
    default:
      return [];
  }
}

function ldapProblems({ url, insecure, ca, attributes, groupSync }: Extract<ProviderSettings, { type: "LDAP" }>): [string, string][] {
  const problems: [string, string][] = [];
  if (insecure && url.startsWith("ldaps:")) problems.push(["is insecure with an ldaps URL", "set insecure to false, or write ldap://"]);
  if (insecure && ca !== undefined) problems.push(["is insecure and has a ca, which would not be used", "remove one of the two"]);
  if (attributes?.id.length === 0) problems.push(["has no attributes.id", 'write ["dn"]']);
  if (groupSync === undefined) return problems;
  const { schema, groupsBaseDN, groupNameAttributes, groups } = groupSync;
  // With activeDirectory, groups are names, not DNs (openshift/library-go, pkg/security/ldapquery/query.go, NewSearchRequest).
  const odd = schema === "activeDirectory" ? undefined : groups.find((group) => dnProblem(group) !== undefined);
  if (odd !== undefined)
    problems.push([
      `has ${JSON.stringify(odd)} in groupSync.groups, which is not a DN`,
      "write the group's DN, such as cn=admins,ou=groups,dc=example,dc=com",
    ]);
  if (schema === "activeDirectory" ? groupsBaseDN !== undefined : groupsBaseDN === undefined)
    problems.push(
      schema === "activeDirectory"
        ? [
            "has groupSync.groupsBaseDN, but with activeDirectory the server has no entries for groups",
            "remove it, or set schema to augmentedActiveDirectory",
          ]
        : ["has no groupSync.groupsBaseDN", "add the DN below which groups are searched"],
    );
  if (groupNameAttributes.length === 0) problems.push(["has no groupSync.groupNameAttributes", 'write ["cn"]']);
  return problems;
}
