import { z } from "zod";
import { cronProblem } from "../cron";
import { field, integerField, listField, mapField, textField } from "../field";
import { MAX_PEM_CHARACTERS } from "../key";
import {
  providerCertificatesProblem,
  githubTeamProblem,
  hostProblem,
  httpsUrlProblem,
  issuerProblem,
  providerNameProblem,
  proxyUrlProblem,
} from "./identity-provider-fields";
import { bindNameProblem, dnProblem, ldapFilterProblem, ldapGroupProblem, ldapUrlProblem } from "./ldap";

/** Maximum characters of an LDAP URL or filter. A filter can contain the DNs of many groups. This project's choice. */
const MAX_LDAP_CHARACTERS = 10_000;

/** A list of names, mostly attributes or claims, in the order in which they are tried. */
function names(byDefault: readonly string[], description: string) {
  return field(
    listField()
      .unwrap()
      .default([...byDefault]),
    description,
  );
}

const common = {
  name: field(
    textField(providerNameProblem),
    "Name of the identity provider, shown at the login. It is part of the callback URL and of each user's identity: if you change it, the same people become new users.",
  ),
  mappingMethod: field(
    z.enum(["claim", "lookup", "add"]).default("claim"),
    "How users are created. claim: the user gets the identity's name; the login fails if another identity already uses this name. add: identities with the same name share one user. lookup: an administrator creates users and identities.",
  ),
};
const ca = field(
  textField(providerCertificatesProblem, MAX_PEM_CHARACTERS).optional(),
  "CA of the server's certificate, PEM; if not set, the system's CAs.",
);
const clientID = field(
  textField(),
  "Client ID of the application registered at the identity provider; its secret is in identityProviderSecrets.",
);
const url = field(textField(httpsUrlProblem), "URL of the server.");
const clientCertificate = field(
  textField(providerCertificatesProblem, MAX_PEM_CHARACTERS).optional(),
  "Client certificate that the cluster presents to the server, PEM; its private key is in identityProviderSecrets.",
);

/** Synchronization of groups from an LDAP server (`oc adm groups sync`). */
const groupSync = z.strictObject({
  schedule: field(textField(cronProblem), "When groups are synchronized, as a cron schedule in the control plane's time (UTC)."),
  schema: field(
    z.enum(["rfc2307", "activeDirectory", "augmentedActiveDirectory"]).default("rfc2307"),
    "rfc2307: groups list their members. activeDirectory: users list their groups, and the server has no entries for groups. augmentedActiveDirectory: users list their groups, and the server has entries for groups.",
  ),
  usersBaseDN: field(textField(dnProblem), "DN below which users are searched."),
  usersFilter: field(
    textField(ldapFilterProblem, MAX_LDAP_CHARACTERS).default("(objectClass=person)"),
    "Filter for the entries of users; not with rfc2307.",
  ),
  groupsBaseDN: field(textField(dnProblem).optional(), "DN below which groups are searched; not with activeDirectory."),
  groupsFilter: field(
    textField(ldapFilterProblem, MAX_LDAP_CHARACTERS).default("(objectClass=groupOfNames)"),
    "Filter for the entries of groups; only with rfc2307.",
  ),
  groupNameAttributes: names(["cn"], "Attributes with the group's name in the cluster."),
  groupMembershipAttributes: field(
    listField(),
    "Attributes that list a group's members (rfc2307; default member) or a user's groups (the other schemas; default memberOf).",
  ),
  groups: field(listField(ldapGroupProblem, 1000), "Groups to synchronize, by DN (activeDirectory: by name); empty means all."),
  pageSize: field(integerField(0, 10000).default(0), "Entries per page of an LDAP answer; 0 requests all at once."),
});

const htpasswd = z.strictObject({ ...common, type: z.literal("HTPasswd") });

const ldap = z.strictObject({
  ...common,
  type: z.literal("LDAP"),
  url: field(
    textField(ldapUrlProblem, MAX_LDAP_CHARACTERS),
    "Server, and how it is searched for the name that the user enters at the login: ldap[s]://host/base DN?attribute?scope?(filter).",
  ),
  bindDN: field(
    textField(bindNameProblem).optional(),
    "DN, or Active Directory user name, that the search binds with; its password is in identityProviderSecrets. If not set, the search is anonymous.",
  ),
  insecure: field(z.boolean().default(false), "Whether ldap:// is used without TLS."),
  ca,
  attributes: field(
    z
      .strictObject({
        id: names(["dn"], "Attributes that permanently identify a user."),
        preferredUsername: names(["uid"], "Attributes with the user's name in the cluster."),
        name: names(["cn"], "Attributes with the displayed name."),
        email: names(["mail"], "Attributes with the email address."),
      })
      .optional(),
    "Attributes of a user entry.",
  ),
  groupSync: field(groupSync.optional(), "Regular synchronization of the server's groups into the cluster."),
});

const github = z.strictObject({
  ...common,
  type: z.literal("GitHub"),
  clientID,
  organizations: field(listField(), "The user must belong to one of these organizations; not with teams."),
  teams: field(
    listField(githubTeamProblem),
    "The user must belong to one of these teams, each as organization/team; not with organizations.",
  ),
  hostname: field(textField(hostProblem).optional(), "Host of a GitHub Enterprise server; if not set, github.com."),
  ca,
});

const gitlab = z.strictObject({ ...common, type: z.literal("GitLab"), clientID, url, ca });

const google = z.strictObject({
  ...common,
  type: z.literal("Google"),
  clientID,
  hostedDomain: field(
    textField(hostProblem).optional(),
    "Domain of the accounts that may log in; required unless mappingMethod is lookup.",
  ),
});

const openId = z.strictObject({
  ...common,
  type: z.literal("OpenID"),
  clientID,
  issuer: field(textField(issuerProblem), "URL of the issuer. The issuer must serve /.well-known/openid-configuration below this URL."),
  ca,
  claims: field(
    z
      .strictObject({
        preferredUsername: names(["preferred_username"], "Claims with the user's name in the cluster."),
        name: names(["name"], "Claims with the displayed name."),
        email: names(["email"], "Claims with the email address."),
        groups: names([], "Claims with the user's groups."),
      })
      .optional(),
    "Claims of a user's token.",
  ),
  extraScopes: field(listField(), "Scopes to request in addition to openid."),
  extraAuthorizeParameters: field(mapField().default({}), "Parameters that are added to the authorization request."),
});

const keystone = z.strictObject({
  ...common,
  type: z.literal("Keystone"),
  url,
  domainName: field(textField(), "Keystone domain of the users."),
  ca,
  clientCertificate,
});

const basicAuth = z.strictObject({ ...common, type: z.literal("BasicAuth"), url, ca, clientCertificate });

const requestHeader = z.strictObject({
  ...common,
  type: z.literal("RequestHeader"),
  ca: field(textField(providerCertificatesProblem, MAX_PEM_CHARACTERS), "CA of the proxy's client certificate, PEM."),
  clientCommonNames: field(
    listField(),
    "Accepted common names of the proxy's client certificate; if empty, every certificate that the CA signed is accepted.",
  ),
  loginURL: field(textField(proxyUrlProblem).optional(), "URL at which browsers log in at the proxy, with ${url} or ${query}."),
  challengeURL: field(textField(proxyUrlProblem).optional(), "URL at which programs log in at the proxy, with ${url} or ${query}."),
  headers: names(["X-Remote-User"], "Headers with the user's identity."),
  preferredUsernameHeaders: field(listField(), "Headers with the user's name in the cluster."),
  nameHeaders: field(listField(), "Headers with the displayed name."),
  emailHeaders: field(listField(), "Headers with the email address."),
});

/** An identity provider; the type is spelled as in OpenShift. */
export const identityProviderSchema = z.discriminatedUnion("type", [
  htpasswd,
  ldap,
  github,
  gitlab,
  google,
  openId,
  keystone,
  basicAuth,
  requestHeader,
]);

/** An identity provider as configured, with defaults filled in. */
export type ProviderSettings = z.output<typeof identityProviderSchema>;

/** Describes the provider's secret in identityProviderSecrets; undefined if it needs none. */
export function secretOf(provider: ProviderSettings): string | undefined {
  switch (provider.type) {
    case "GitHub":
    case "GitLab":
    case "Google":
    case "OpenID":
      return "its client secret";
    case "LDAP":
      return provider.bindDN === undefined ? undefined : "the password of bindDN";
    case "Keystone":
    case "BasicAuth":
      return provider.clientCertificate === undefined ? undefined : "the private key of its clientCertificate";
    case "HTPasswd":
    case "RequestHeader":
      return undefined;
  }
}
