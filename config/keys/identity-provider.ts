import { z } from "zod";
import { field, integerField, listField, mapField, textField } from "../field";
import { MOST_PEM_CHARACTERS } from "../key";
import {
  certificatesFlaw,
  githubTeamFlaw,
  hostFlaw,
  httpsUrlFlaw,
  issuerFlaw,
  providerNameFlaw,
  proxyUrlFlaw,
} from "../rules/identity-provider-fields";
import { cronFlaw } from "../rules/cron";
import { bindNameFlaw, dnFlaw, ldapFilterFlaw, ldapGroupFlaw, ldapUrlFlaw } from "../rules/ldap";

/** Filters name groups by their DNs; this project's choice. */
const MOST_LDAP_CHARACTERS = 10_000;

/** Names, most of them attributes or claims, in the order in which they are looked at. */
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
    textField(providerNameFlaw),
    "Name, shown at the login, and part of the callback URL and of each user's identity: under another name users are others.",
  ),
  mappingMethod: field(
    z.enum(["claim", "lookup", "add"]).default("claim"),
    "claim: a user of this name is made, unless another identity has it. add: identities of one name are one user. lookup: users and identities are made by hand.",
  ),
};
const ca = field(
  textField(certificatesFlaw, MOST_PEM_CHARACTERS).optional(),
  "Authority of the server's certificate, PEM; without it the system's authorities.",
);
const clientID = field(textField(), "Client ID of the application that is registered there; its secret is in identityProviderSecrets.");
const url = field(textField(httpsUrlFlaw), "URL of the server.");
const clientCertificate = field(
  textField(certificatesFlaw, MOST_PEM_CHARACTERS).optional(),
  "Certificate that the cluster shows the server, PEM; its private key is in identityProviderSecrets.",
);

/** How groups come from an LDAP server (`oc adm groups sync`). */
const groupSync = z.strictObject({
  schedule: field(textField(cronFlaw), "When, in cron's form, by the clock of the control plane (UTC)."),
  schema: field(
    z.enum(["rfc2307", "activeDirectory", "augmentedActiveDirectory"]).default("rfc2307"),
    "rfc2307: groups list their members. activeDirectory: users list their groups. augmentedActiveDirectory: users do, and groups have entries.",
  ),
  usersBaseDN: field(textField(dnFlaw), "DN below which users are looked for."),
  usersFilter: field(
    textField(ldapFilterFlaw, MOST_LDAP_CHARACTERS).default("(objectClass=person)"),
    "Which entries are users; not with rfc2307.",
  ),
  groupsBaseDN: field(
    textField(dnFlaw).optional(),
    "DN below which groups are looked for; not with activeDirectory, where groups have no entries.",
  ),
  groupsFilter: field(
    textField(ldapFilterFlaw, MOST_LDAP_CHARACTERS).default("(objectClass=groupOfNames)"),
    "Which entries are groups; with rfc2307 only.",
  ),
  groupNameAttributes: names(["cn"], "Attributes with the name of the group in the cluster."),
  groupMembershipAttributes: field(listField(), "Attributes that list members, or groups; by default member with rfc2307, else memberOf."),
  groups: field(listField(ldapGroupFlaw, 1000), "The groups that are synchronized, by DN (activeDirectory: by name); empty means all."),
  pageSize: field(integerField(0, 10000).default(0), "Entries of one page of an answer; 0 asks for all at once."),
});

const htpasswd = z.strictObject({ ...common, type: z.literal("HTPasswd") });

const ldap = z.strictObject({
  ...common,
  type: z.literal("LDAP"),
  url: field(
    textField(ldapUrlFlaw, MOST_LDAP_CHARACTERS),
    "ldap[s]://host/base DN?attribute?scope?(filter): where a name that logs in is looked for.",
  ),
  bindDN: field(
    textField(bindNameFlaw).optional(),
    "DN that searches, or a user's name of Active Directory; its password is in identityProviderSecrets. Without it anonymous.",
  ),
  insecure: field(z.boolean().default(false), "Whether ldap:// goes without TLS."),
  ca,
  attributes: field(
    z
      .strictObject({
        id: names(["dn"], "Attributes that identify a user for ever."),
        preferredUsername: names(["uid"], "Attributes with the user's name in the cluster."),
        name: names(["cn"], "Attributes with the name that is displayed."),
        email: names(["mail"], "Attributes with the email address."),
      })
      .optional(),
    "Which attributes are what.",
  ),
  groupSync: field(groupSync.optional(), "Groups of the server become groups of the cluster, again and again."),
});

const github = z.strictObject({
  ...common,
  type: z.literal("GitHub"),
  clientID,
  organizations: field(listField(), "Organizations of which one must be the user's; not with teams."),
  teams: field(listField(githubTeamFlaw), "Teams, organization/team, of which one must be the user's; not with organizations."),
  hostname: field(textField(hostFlaw).optional(), "Host of a GitHub Enterprise server; without it github.com."),
  ca,
});

const gitlab = z.strictObject({ ...common, type: z.literal("GitLab"), clientID, url, ca });

const google = z.strictObject({
  ...common,
  type: z.literal("Google"),
  clientID,
  hostedDomain: field(textField(hostFlaw).optional(), "Domain of the accounts that may log in; required but with mappingMethod lookup."),
});

const openId = z.strictObject({
  ...common,
  type: z.literal("OpenID"),
  clientID,
  issuer: field(textField(issuerFlaw), "URL of the issuer, below which /.well-known/openid-configuration is."),
  ca,
  claims: field(
    z
      .strictObject({
        preferredUsername: names(["preferred_username"], "Claims with the user's name in the cluster."),
        name: names(["name"], "Claims with the name that is displayed."),
        email: names(["email"], "Claims with the email address."),
        groups: names([], "Claims with the user's groups."),
      })
      .optional(),
    "Which claims are what.",
  ),
  extraScopes: field(listField(), "Scopes that are asked for besides openid."),
  extraAuthorizeParameters: field(mapField().default({}), "Parameters that are added to the request for authorization."),
});

const keystone = z.strictObject({
  ...common,
  type: z.literal("Keystone"),
  url,
  domainName: field(textField(), "Keystone's domain of the users."),
  ca,
  clientCertificate,
});

const basicAuth = z.strictObject({ ...common, type: z.literal("BasicAuth"), url, ca, clientCertificate });

const requestHeader = z.strictObject({
  ...common,
  type: z.literal("RequestHeader"),
  ca: field(textField(certificatesFlaw, MOST_PEM_CHARACTERS), "Authority of the proxy's client certificate, PEM."),
  clientCommonNames: field(listField(), "Names in that certificate; empty means any that the authority has signed."),
  loginURL: field(textField(proxyUrlFlaw).optional(), "Where browsers log in at the proxy, with ${url} or ${query}."),
  challengeURL: field(textField(proxyUrlFlaw).optional(), "Where programs do."),
  headers: names(["X-Remote-User"], "Headers with the user's identity."),
  preferredUsernameHeaders: field(listField(), "Headers with the user's name in the cluster."),
  nameHeaders: field(listField(), "Headers with the name that is displayed."),
  emailHeaders: field(listField(), "Headers with the email address."),
});

/** An identity provider, told apart by its type, which has OpenShift's own spelling. */
export const identityProvider = z.discriminatedUnion("type", [
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
