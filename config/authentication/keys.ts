import { z } from "zod";
import { field, listField, records, secretMap, textField } from "../field";
import { flag, integer, key, list, map } from "../key";
import { serviceAccountProblem } from "../access-control/fields";
import { bindingNameProblem, htpasswdUserProblem, MAX_TEMPLATE_BYTES, kubernetesRoleNameProblem, templateProblems } from "./fields";
import { groupSubjectProblem, userSubjectProblem } from "../user-names";
import { identityProviderSchema } from "./identity-provider";

/** Maximum lengths of lists; this project's choice. On a login page with more than 20 providers nobody would find the right one. */
const MAX_PROVIDERS = 20;
const MAX_SUBJECTS = 200;
const MAX_BINDINGS = 200;

/** A year: a longer login would in practice never end. */
const MAX_TOKEN_SECONDS = 31_536_000;

const roleBinding = z.strictObject({
  name: field(textField(bindingNameProblem), "Name of the binding; unique."),
  role: field(textField(kubernetesRoleNameProblem), "Name of the role: admin, edit, view, cluster-reader, or a role in the key roles."),
  roleKind: field(z.enum(["ClusterRole", "Role"]).default("ClusterRole"), "Whether the role is a cluster role or a role of the namespace."),
  namespace: field(
    textField(bindingNameProblem).optional(),
    "Namespace in which the role is granted, which must exist; if not set, the role is granted in all namespaces.",
  ),
  users: field(listField(userSubjectProblem, MAX_SUBJECTS), "Users who get the role."),
  groups: field(listField(groupSubjectProblem, MAX_SUBJECTS), "Groups whose members get the role."),
  serviceAccounts: field(listField(serviceAccountProblem, MAX_SUBJECTS), "Service accounts that get the role, each as namespace/name."),
});

/** Keys for login and role bindings. */
export const authenticationKeys = {
  identityProviders: key(records(identityProviderSchema, { max: MAX_PROVIDERS, unique: "name" }), {
    description: "Identity providers of the users, in the order in which the login page lists them.",
    allowed: `up to ${MAX_PROVIDERS} identity providers of the types HTPasswd, LDAP, GitHub, GitLab, Google, OpenID, Keystone, BasicAuth and RequestHeader`,
    example: '[{"name": "github", "type": "GitHub", "clientID": "0123456789abcdef0123", "organizations": ["example"]}]',
    source: "OpenShift (OAuth cluster, spec.identityProviders)",
    whenEmpty: "kubeadmin only",
  }),
  identityProviderSecrets: key(secretMap(), {
    description:
      "Secrets of the identity providers that need one, by the provider's name: the client secret, the password of bindDN, or the private key of the client certificate.",
    allowed: "a map from an identity provider's name to its secret",
    example: '{"github": "…"}',
    source: "OpenShift (secrets in openshift-config)",
    whenEmpty: "none",
    secret: true,
  }),
  htpasswdUsers: key(secretMap(htpasswdUserProblem), {
    description:
      "Users of the identity provider of type HTPasswd, each with a password. Removing an entry deletes the user, its identity and its tokens.",
    allowed: "a map from names (without : / and %) to passwords of at least 8 characters and at most 72 bytes",
    example: '{"anna": "correct horse battery staple"}',
    source: "OpenShift (user names); bcrypt (72 bytes); NIST SP 800-63B (8 characters)",
    whenEmpty: "none",
    secret: true,
  }),
  clusterAdmins: key(list(userSubjectProblem, { max: MAX_SUBJECTS }), {
    description: "Users with the role cluster-admin, who may do everything.",
    allowed: "user names as in the identity provider; spaces are allowed, : / and % are not",
    example: '["anna"]',
    source: "OpenShift (cluster role cluster-admin)",
    whenEmpty: "kubeadmin only",
  }),
  clusterAdminGroups: key(list(groupSubjectProblem, { max: MAX_SUBJECTS }), {
    description: "Groups whose members get the role cluster-admin and may do everything.",
    allowed: "group names; spaces are allowed, : / and % are not",
    example: '["platform-admins"]',
    source: "OpenShift (cluster role cluster-admin)",
    whenEmpty: "none",
  }),
  roleBindings: key(records(roleBinding, { max: MAX_BINDINGS, unique: "name" }), {
    description: "Roles granted to users, groups and service accounts, in one namespace or in all.",
    allowed: `up to ${MAX_BINDINGS} bindings`,
    example: '[{"name": "developers-view", "role": "view", "namespace": "shop", "groups": ["developers"]}]',
    source: "Kubernetes (RoleBinding, ClusterRoleBinding)",
    whenEmpty: "none",
  }),
  accessTokenMaxAge: key(integer(0, MAX_TOKEN_SECONDS, 0), {
    description: "How long a login lasts; 0 means the cluster's default of 24 hours.",
    unit: "seconds",
    example: "28800",
    source: "OpenShift (OAuth cluster, spec.tokenConfig.accessTokenMaxAgeSeconds)",
  }),
  accessTokenInactivityTimeout: key(integer(0, MAX_TOKEN_SECONDS, 0), {
    description: "How long a login lasts while it is not used; 0 means that only accessTokenMaxAge ends it.",
    unit: "seconds",
    example: "1800",
    source: "OpenShift (OAuth cluster, spec.tokenConfig.accessTokenInactivityTimeout: at least 300)",
  }),
  loginTemplates: key(map(templateProblems, MAX_TEMPLATE_BYTES), {
    description: "Your own pages: login, providerSelection (shown with several providers) and error, each as HTML with Go template fields.",
    allowed:
      "a map from login, providerSelection and error to HTML; a login page needs the form fields {{ .Names.Username }}, {{ .Names.Password }} and {{ .Names.CSRF }}",
    example: '{"error": "<html><body>{{ .Error }}</body></html>"}',
    source: "OpenShift (oc adm create-login-template, create-provider-selection-template and create-error-template)",
    whenEmpty: "OpenShift's own pages",
  }),
  removeKubeadmin: key(flag(false), {
    description:
      "Whether to remove kubeadmin, the temporary administrator of the installation, once another cluster-admin has logged in. The output kubeadmin shows the state.",
    example: "true",
    source: "OpenShift (removing the kubeadmin user)",
  }),
} as const;
