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
  [
    "a secret of a provider that does not exist",
    { ...withGithub({}), identityProviderSecrets: { github: "x", gitlab: "y" } },
    ["identityProviderSecrets"],
  ],
  ["an empty secret", { ...withGithub({}), identityProviderSecrets: { github: "" } }, ["identityProviderSecrets"]],
  ["organizations and teams", withGithub({ teams: ["example/admins"] }), both],
  ["a GitHub provider that admits everybody", withGithub({ organizations: [] }), both],
  ["a team without an organization", withGithub({ organizations: [], teams: ["admins"] }), both],
  ["github.com as the server of a private GitHub", withGithub({ hostname: "github.com" }), both],
  ["a CA for github.com", withGithub({ ca: CERTIFICATE }), both],
  ["two providers with the same name", { ...providers(github, github), identityProviderSecrets: { github: "x" } }, both],
  ["a provider's name with a capital letter", withGithub({ name: "GitHub" }), both],
  ["a mapping method that does not exist", withGithub({ mappingMethod: "generate" }), both],
  [
    "a Google provider that admits everybody",
    { ...providers({ name: "g", type: "Google", clientID: "x" }), identityProviderSecrets: { g: "x" } },
    both,
  ],
  [
    "a server without TLS",
    { ...providers({ name: "g", type: "GitLab", clientID: "x", url: "http://g.example.com" }), identityProviderSecrets: { g: "x" } },
    both,
  ],
  ["a URL of another kind of directory", providers({ ...ldap, url: "https://ldap.example.com" }), both],
  ["a directory without a base", providers({ ...ldap, url: "ldap://ldap.example.com" }), both],
  ["a scope that does not exist", providers({ ...ldap, url: "ldap://ldap.example.com/dc=x?uid?all" }), both],
  ["TLS that is insecure", providers({ ...ldap, url: "ldaps://ldap.example.com/dc=x", insecure: true }), both],
  ["a binding without a password", providers({ ...ldap, bindDN: "cn=reader" }), ["identityProviderSecrets"]],
  ["a schedule of four fields", providers({ ...ldap, groupSync: { ...groupSync, schedule: "0 * * *" } }), both],
  ["a minute that does not exist", providers({ ...ldap, groupSync: { ...groupSync, schedule: "60 * * * *" } }), both],
  [
    "a group synchronization without the groups' base DN",
    providers({ ...ldap, groupSync: { schedule: "@hourly", usersBaseDN: "ou=people" } }),
    both,
  ],
  ["an authenticating proxy without its URL", providers(header), both],
  [
    "an authenticating proxy whose URL does not contain the address to return to",
    providers({ ...header, loginURL: "https://proxy.example.com/login" }),
    both,
  ],
  ["a provider without users", providers(htpasswd), ["htpasswdUsers"]],
  ["users without a provider", { htpasswdUsers: { anna: password } }, ["htpasswdUsers"]],
  ["two HTPasswd providers", { ...providers(htpasswd, { ...htpasswd, name: "other" }), htpasswdUsers: { anna: password } }, both],
  ["a user with a colon", withUsers({ "an:na": password }), ["htpasswdUsers"]],
  ["a user with a blank at the end", withUsers({ "anna ": password }), ["htpasswdUsers"]],
  ["a user with a slash", withUsers({ "an/na": password }), ["htpasswdUsers"]],
  ["a short password", withUsers({ anna: "short" }), ["htpasswdUsers"]],
  ["a password that bcrypt would truncate", withUsers({ anna: "ä".repeat(37) }), ["htpasswdUsers"]],
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
  ["an administrator with the name of an identity", { ...withGithub({}), clusterAdmins: ["github:anna"] }, ["clusterAdmins"]],
  [
    "the removal of kubeadmin without another administrator",
    { ...withUsers({ anna: password }), removeKubeadmin: true },
    ["removeKubeadmin"],
  ],
  ["a role binding without a subject", { roleBindings: [{ name: "x", role: "view" }] }, ["roleBindings"]],
  ["a role without its namespace", { roleBindings: [{ name: "x", role: "x", roleKind: "Role", users: ["anna"] }] }, ["roleBindings"]],
  [
    "a binding with the name of the administrators' binding",
    { roleBindings: [{ name: "okd-aws-cluster-admins", role: "view", users: ["anna"] }] },
    ["roleBindings"],
  ],
  ["two bindings with the same name", { roleBindings: [1, 2].map(() => ({ name: "x", role: "view", users: ["anna"] })) }, ["roleBindings"]],
  ["an inactivity timeout that is too short", { accessTokenInactivityTimeout: 60 }, ["accessTokenInactivityTimeout"]],
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
