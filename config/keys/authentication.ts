import { z } from "zod";
import { field, listField, records, secretMap, textField } from "../field";
import { flag, integer, key, list, map } from "../key";
import { serviceAccountFlaw } from "../rules/access-control-fields";
import { bindingNameFlaw, htpasswdUserFlaw, MOST_TEMPLATE_BYTES, roleNameFlaw, templateFlaws } from "../rules/authentication-fields";
import { groupSubjectFlaw, userSubjectFlaw } from "../rules/names";
import { identityProvider } from "./identity-provider";

/** More than a login page can list; this project's choice. */
const MOST_PROVIDERS = 20;
const MOST_SUBJECTS = 200;
const MOST_BINDINGS = 200;

/** A year: what is longer is meant to be for ever. */
const MOST_SECONDS = 31_536_000;

const roleBinding = z.strictObject({
  name: field(textField(bindingNameFlaw), "Name of the binding, unique."),
  role: field(textField(roleNameFlaw), "Name of the role: admin, edit, view, cluster-reader, or one of your own."),
  roleKind: field(z.enum(["ClusterRole", "Role"]).default("ClusterRole"), "Whether the role is of the cluster or of the namespace."),
  namespace: field(
    textField(bindingNameFlaw).optional(),
    "Namespace, which must exist, in which the role is given; without it, everywhere.",
  ),
  users: field(listField(userSubjectFlaw, MOST_SUBJECTS), "Users who have the role."),
  groups: field(listField(groupSubjectFlaw, MOST_SUBJECTS), "Groups whose members have it."),
  serviceAccounts: field(listField(serviceAccountFlaw, MOST_SUBJECTS), "Service accounts that have it, each as namespace/name."),
});

/** Who logs in, how, and what they may do. */
export const authenticationKeys = {
  identityProviders: key(records(identityProvider, { most: MOST_PROVIDERS, unique: "name" }), {
    description: "Where users come from, in the order in which the login shows them.",
    allowed: `up to ${MOST_PROVIDERS} identity providers of the types HTPasswd, LDAP, GitHub, GitLab, Google, OpenID, Keystone, BasicAuth and RequestHeader`,
    example: '[{"name": "github", "type": "GitHub", "clientID": "0123456789abcdef0123", "organizations": ["example"]}]',
    source: "OpenShift (OAuth cluster, spec.identityProviders)",
    whenEmpty: "kubeadmin only",
  }),
  identityProviderSecrets: key(secretMap(), {
    description:
      "Secret of each identity provider that has one, by the provider's name: client secret, bindDN's password, or the client certificate's private key.",
    allowed: "a map from an identity provider's name to its secret",
    example: '{"github": "…"}',
    source: "OpenShift (secrets in openshift-config)",
    whenEmpty: "none",
    secret: true,
  }),
  htpasswdUsers: key(secretMap(htpasswdUserFlaw), {
    description:
      "Users of the identity provider of type HTPasswd, each with a password. One that is taken out loses user, identity and tokens.",
    allowed: "a map from names (without : / and %) to passwords of 8 characters to 72 bytes",
    example: '{"anna": "correct horse battery staple"}',
    source: "OpenShift (user names); bcrypt (72 bytes); NIST SP 800-63B (8 characters)",
    whenEmpty: "none",
    secret: true,
  }),
  clusterAdmins: key(list(userSubjectFlaw, { most: MOST_SUBJECTS }), {
    description: "Users who may do everything.",
    allowed: "names of users, as their identity provider has them; blanks are allowed, : / and % are not",
    example: '["anna"]',
    source: "OpenShift (cluster role cluster-admin)",
    whenEmpty: "kubeadmin only",
  }),
  clusterAdminGroups: key(list(groupSubjectFlaw, { most: MOST_SUBJECTS }), {
    description: "Groups whose members may do everything.",
    allowed: "names of groups; blanks are allowed, : / and % are not",
    example: '["platform-admins"]',
    source: "OpenShift (cluster role cluster-admin)",
    whenEmpty: "none",
  }),
  roleBindings: key(records(roleBinding, { most: MOST_BINDINGS, unique: "name" }), {
    description: "Roles of users, groups and service accounts, in one namespace or everywhere.",
    allowed: `up to ${MOST_BINDINGS} bindings`,
    example: '[{"name": "developers-view", "role": "view", "namespace": "shop", "groups": ["developers"]}]',
    source: "Kubernetes (RoleBinding, ClusterRoleBinding)",
    whenEmpty: "none",
  }),
  accessTokenMaxAge: key(integer(0, MOST_SECONDS, 0), {
    description: "How long a login lasts.",
    unit: "seconds",
    example: "28800",
    source: "OpenShift (OAuth cluster, spec.tokenConfig.accessTokenMaxAgeSeconds); 0: the cluster's default of 24 hours",
  }),
  accessTokenInactivityTimeout: key(integer(0, MOST_SECONDS, 0), {
    description: "How long a login lasts without being used; 0: as long as it lasts.",
    unit: "seconds",
    example: "1800",
    source: "OpenShift (OAuth cluster, spec.tokenConfig.accessTokenInactivityTimeout: 300 at least)",
  }),
  loginTemplates: key(map(templateFlaws, MOST_TEMPLATE_BYTES), {
    description: "Pages of your own: login, providerSelection (with several providers) and error, each HTML with Go's template fields.",
    allowed:
      "a map from login, providerSelection and error to HTML; a login page has the form's fields {{ .Names.Username }}, {{ .Names.Password }} and {{ .Names.CSRF }}",
    example: '{"error": "<html><body>{{ .Error }}</body></html>"}',
    source: "OpenShift (oc adm create-login-template and its like)",
    whenEmpty: "OpenShift's own pages",
  }),
  removeKubeadmin: key(flag(false), {
    description:
      "Whether kubeadmin, the installation's own administrator, is removed, as soon as another cluster-admin has really logged in; the output kubeadmin tells.",
    example: "true",
    source: "OpenShift (removing the kubeadmin user)",
  }),
} as const;
