import { problemsOf, withKeys } from "../fixture";
import { CERTIFICATE } from "../key-material";
import { type RefusedConfiguration, testRefusals } from "../refusals";

const github = { name: "github", type: "GitHub", clientID: "x", organizations: ["example"] };
const htpasswd = { name: "htpasswd", type: "HTPasswd" };
const ldap = { name: "ldap", type: "LDAP", url: "ldap://ldap.example.com/dc=example,dc=com?uid" };
const groupSync = { schedule: "@hourly", usersBaseDN: "ou=people", groupsBaseDN: "ou=groups" };
const header = { name: "proxy", type: "RequestHeader", ca: CERTIFICATE };
const password = "a good password";

const providers = (...identityProviders: object[]) => ({ identityProviders });
const withGithub = (changes: object) => ({ ...providers({ ...github, ...changes }), identityProviderSecrets: { github: "x" } });
const withUsers = (htpasswdUsers: object) => ({ ...providers(htpasswd), htpasswdUsers });
const both = ["identityProviders"];

const REFUSED: readonly RefusedConfiguration[] = [
  ["an unknown type of identity provider", providers({ ...github, type: "githup" }), both],
  ["no type", providers({ name: "x" }), both],
  ["a field of another type", withGithub({ hostedDomain: "example.com" }), both],
  ["a missing client ID", providers({ name: "github", type: "GitHub", organizations: ["example"] }), both],
  ["a missing secret", providers(github), ["identityProviderSecrets"]],
  ["a secret of nobody", { ...withGithub({}), identityProviderSecrets: { github: "x", gitlab: "y" } }, ["identityProviderSecrets"]],
  ["an empty secret", { ...withGithub({}), identityProviderSecrets: { github: "" } }, ["identityProviderSecrets"]],
  ["organizations and teams", withGithub({ teams: ["example/admins"] }), both],
  ["everybody at GitHub", withGithub({ organizations: [] }), both],
  ["a team without an organization", withGithub({ organizations: [], teams: ["admins"] }), both],
  ["github.com as server of one's own", withGithub({ hostname: "github.com" }), both],
  ["an authority for github.com", withGithub({ ca: CERTIFICATE }), both],
  ["two providers of one name", { ...providers(github, github), identityProviderSecrets: { github: "x" } }, both],
  ["a provider's name with a capital", withGithub({ name: "GitHub" }), both],
  ["a mapping method that there is not", withGithub({ mappingMethod: "generate" }), both],
  ["everybody at Google", { ...providers({ name: "g", type: "Google", clientID: "x" }), identityProviderSecrets: { g: "x" } }, both],
  [
    "a server without TLS",
    { ...providers({ name: "g", type: "GitLab", clientID: "x", url: "http://g.example.com" }), identityProviderSecrets: { g: "x" } },
    both,
  ],
  ["a URL of another directory", providers({ ...ldap, url: "https://ldap.example.com" }), both],
  ["a directory without a base", providers({ ...ldap, url: "ldap://ldap.example.com" }), both],
  ["a scope that there is not", providers({ ...ldap, url: "ldap://ldap.example.com/dc=x?uid?all" }), both],
  ["TLS that is insecure", providers({ ...ldap, url: "ldaps://ldap.example.com/dc=x", insecure: true }), both],
  ["a binding without a password", providers({ ...ldap, bindDN: "cn=reader" }), ["identityProviderSecrets"]],
  ["a schedule of four fields", providers({ ...ldap, groupSync: { ...groupSync, schedule: "0 * * *" } }), both],
  ["a minute that there is not", providers({ ...ldap, groupSync: { ...groupSync, schedule: "60 * * * *" } }), both],
  ["groups from nowhere", providers({ ...ldap, groupSync: { schedule: "@hourly", usersBaseDN: "ou=people" } }), both],
  ["a proxy without a way to it", providers(header), both],
  ["a proxy that isn't told where to go back to", providers({ ...header, loginURL: "https://proxy.example.com/login" }), both],
  ["a provider of nobody", providers(htpasswd), ["htpasswdUsers"]],
  ["users without a provider", { htpasswdUsers: { anna: password } }, ["htpasswdUsers"]],
  ["two files", { ...providers(htpasswd, { ...htpasswd, name: "other" }), htpasswdUsers: { anna: password } }, both],
  ["a user with a colon", withUsers({ "an:na": password }), ["htpasswdUsers"]],
  ["a user with a blank at the end", withUsers({ "anna ": password }), ["htpasswdUsers"]],
  ["a user with a slash", withUsers({ "an/na": password }), ["htpasswdUsers"]],
  ["a short password", withUsers({ anna: "short" }), ["htpasswdUsers"]],
  ["a password that bcrypt cuts", withUsers({ anna: "ä".repeat(37) }), ["htpasswdUsers"]],
  ["a password with a line break", withUsers({ anna: `${password}\n` }), ["htpasswdUsers"]],
  ...[
    `$2y$10$${"x".repeat(53)}`,
    "$apr1$abcdefgh$0123456789abcdefABCDEF",
    "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
    "{SSHA}0123456789abcdef0123456789abcdef",
    "$5$rounds=5000$abcdefgh$0123456789",
    "$6$abcdefgh$0123456789",
    "$1$abcdefgh$0123456789",
    "$y$j9T$abcdefgh$0123456789",
    "$argon2id$v=19$m=65536,t=3,p=4$abcdefgh$0123456789",
    `anna:$2y$05$${"x".repeat(53)}`,
    `bert:$apr1$abcdefgh$0123456789abcdefABCDEF\n`,
    "anna:a good password",
  ].map((hash): RefusedConfiguration => [`the hash ${hash}`, withUsers({ anna: hash }), ["htpasswdUsers"]]),
  ["an administrator whom no provider can know", { ...withUsers({ anna: password }), clusterAdmins: ["bert"] }, ["clusterAdmins"]],
  ["an administrator without any provider", { clusterAdmins: ["anna"] }, ["clusterAdmins"]],
  ["administrators of a group without any provider", { clusterAdminGroups: ["platform"] }, ["clusterAdminGroups"]],
  ["an administrator by identity", { ...withGithub({}), clusterAdmins: ["github:anna"] }, ["clusterAdmins"]],
  ["the end of kubeadmin without another administrator", { ...withUsers({ anna: password }), removeKubeadmin: true }, ["removeKubeadmin"]],
  ["a role binding without a subject", { roleBindings: [{ name: "x", role: "view" }] }, ["roleBindings"]],
  ["a role without its namespace", { roleBindings: [{ name: "x", role: "x", roleKind: "Role", users: ["anna"] }] }, ["roleBindings"]],
  [
    "the administrators' own binding",
    { roleBindings: [{ name: "okd-aws-cluster-admins", role: "view", users: ["anna"] }] },
    ["roleBindings"],
  ],
  ["two bindings of one name", { roleBindings: [1, 2].map(() => ({ name: "x", role: "view", users: ["anna"] })) }, ["roleBindings"]],
  ["too short an inactivity", { accessTokenInactivityTimeout: 60 }, ["accessTokenInactivityTimeout"]],
  ["an unknown login template", { loginTemplates: { logout: "x" } }, ["loginTemplates"]],
  ["a login without a password", { loginTemplates: { login: "{{ .Names.Username }}" } }, ["loginTemplates"]],
];

testRefusals(REFUSED);

test("the error of a misspelled identity provider type suggests the most similar one", () => {
  const [{ wrong, fix, allowed }] = problemsOf(withKeys(providers({ ...github, type: "githup" })));
  expect([wrong, fix]).toEqual(['item 1 (github): type "githup" is not supported', "write GitHub"]);
  expect(allowed).toBe("HTPasswd, LDAP, GitHub, GitLab, Google, OpenID, Keystone, BasicAuth, RequestHeader");
});

test("the problem of an invalid user does not show the password", () => {
  const problems = problemsOf(withKeys(withUsers({ anna: "short", bert: "hunter2" })));
  expect(problems).toHaveLength(2);
  expect(JSON.stringify(problems)).not.toMatch(/"short"|hunter2/);
});
