import { load } from "js-yaml";
import { hashSync } from "bcryptjs";
import { parseConfiguration } from "../../../../config/parse";
import { isTokenValid } from "../../../../steps/authentication/access";
import { storedTokenName } from "../../../../steps/authentication/login";
import { bindings } from "../../../../cluster-objects/authentication/bindings";
import { htpasswdFile, htpasswdUsers } from "../../../../cluster-objects/authentication/htpasswd";
import { identityProviderObjects } from "../../../../cluster-objects/authentication/identity-provider";
import { ldapGroupSync } from "../../../../cluster-objects/authentication/ldap-group-sync";
import { callbackUrls, goDuration, oauth, templateSecrets } from "../../../../cluster-objects/authentication/oauth";
import type { ApiObject } from "../../../../cluster-objects/object";
import { schemaProblems } from "../../../../cluster-objects/schema/check";
import { providerFacts, providerSecrets } from "../../../facts/identity-providers";
import { withKeys } from "../../config/fixture";

/** The parsed authentication configuration with the given keys. */
function authenticationOf(keys: Readonly<Record<string, unknown>>) {
  return parseConfiguration(withKeys(keys)).platform.authentication;
}

const all = {
  identityProviders: providerFacts.map(({ configured }) => configured),
  identityProviderSecrets: providerSecrets,
  htpasswdUsers: { anna: "anna's own password" },
};

const texts = ({ data }: ApiObject) =>
  Object.fromEntries(
    Object.entries(data as Record<string, string>).map(([key, text]) => [key, Buffer.from(text, "base64").toString("utf8")]),
  );

describe("the OAuth object", () => {
  test.each(providerFacts)("has the documented entry of the provider type $entry.type", ({ configured, entry }) => {
    const providers = authenticationOf(all).identityProviders;
    const provider = providers.find(({ name }) => name === configured.name);
    expect(provider && identityProviderObjects(provider).entry).toEqual(entry);
  });

  test("has all providers, token settings and templates, and matches its definition", () => {
    const object = oauth(
      authenticationOf({ ...all, accessTokenMaxAge: 3600, accessTokenInactivityTimeout: 300, loginTemplates: { error: "x" } }),
    );
    expect(object && schemaProblems(object)).toEqual([]);
    expect(object?.spec).toEqual({
      identityProviders: providerFacts.map(({ entry }) => entry),
      tokenConfig: { accessTokenMaxAgeSeconds: 3600, accessTokenInactivityTimeout: "5m0s" },
      templates: { error: { name: "okd-aws-error-page" } },
    });
  });

  test("is not written if nothing is configured", () => {
    const settings = authenticationOf({});
    expect([oauth(settings), templateSecrets(settings), bindings(settings)]).toEqual([undefined, [], []]);
  });

  test("refers to secrets and config maps with the keys that each provider type requires", () => {
    const objects = authenticationOf(all).identityProviders.map(identityProviderObjects);
    expect(
      objects.flatMap(({ secret }) =>
        secret ? [[secret.metadata.name, secret.metadata.namespace, secret.type, Object.keys(texts(secret))]] : [],
      ),
    ).toEqual([
      ["ldap-bind-password", "openshift-config", "Opaque", ["bindPassword"]],
      ...["github", "gitlab", "google", "sso"].map((name) => [`${name}-client-secret`, "openshift-config", "Opaque", ["clientSecret"]]),
      ["keystone-client-certificate", "openshift-config", "kubernetes.io/tls", ["tls.crt", "tls.key"]],
    ]);
    expect(
      objects.flatMap(({ configMap }) => (configMap ? [[configMap.metadata.name, Object.keys(configMap.data as object)]] : [])),
    ).toEqual(["ldap", "github", "gitlab", "sso", "keystone", "proxy"].map((name) => [`${name}-ca`, ["ca.crt"]]));
  });

  test("gets each login page under the key that the OAuth server reads", () => {
    const pages = { login: "{{ .Names.Username }}{{ .Names.Password }}{{ .Names.CSRF }}", providerSelection: "b", error: "c" };
    expect(templateSecrets(authenticationOf({ loginTemplates: pages })).map(texts)).toEqual([
      { "login.html": pages.login },
      { "providers.html": "b" },
      { "errors.html": "c" },
    ]);
  });

  test.each([
    [300, "5m0s"],
    [3600, "1h0m0s"],
    [5400, "1h30m0s"],
    [86_461, "24h1m1s"],
    [59, "59s"],
  ])("writes a duration of %i seconds as the API server does", (seconds, text) => {
    expect(goDuration(seconds)).toBe(text);
  });

  test("has callback URLs only for providers that redirect", () => {
    const url = (name: string) => [name, `https://oauth-openshift.apps.dev.okd.example.com/oauth2callback/${name}`];
    expect(callbackUrls(authenticationOf(all), "dev.okd.example.com")).toEqual(
      Object.fromEntries(["github", "gitlab", "google", "sso"].map(url)),
    );
  });
});

describe("the htpasswd file", () => {
  test("has bcrypt hashes with the prefix $2y$, the only bcrypt prefix that OpenShift's server knows", () => {
    const hash = hashSync("a password", 4);
    expect(hash).toMatch(/^\$2b\$/);
    expect(htpasswdFile({ bert: hash, anna: "$2y$04$x" })).toBe(`anna:$2y$04$x\nbert:$2y$${hash.slice(4)}\n`);
  });

  test("is parsed into its user names", () => {
    expect(htpasswdUsers("anna:$2y$04$x\nbert:$2y$04$y:z\n")).toEqual(["anna", "bert"]);
    expect(htpasswdUsers("")).toEqual([]);
  });
});

describe("role bindings", () => {
  test("give administrators and other subjects the configured roles", () => {
    const settings = authenticationOf({
      identityProviders: [{ name: "gitlab", type: "GitLab", clientID: "x", url: "https://gitlab.example.com" }],
      identityProviderSecrets: { gitlab: "x" },
      clusterAdmins: ["anna", "system:admin"],
      clusterAdminGroups: ["platform"],
      roleBindings: [
        { name: "view-all", role: "cluster-reader", groups: ["audit"] },
        { name: "deploy", role: "deployer", roleKind: "Role", namespace: "shop", users: ["bert"] },
      ],
    });
    const objects = bindings(settings);
    expect(objects.flatMap((object) => schemaProblems(object))).toEqual([]);
    expect(
      objects.map(({ kind, metadata, roleRef, subjects }) => {
        const bound = (subjects as { kind: string; name: string }[]).map((subject) => `${subject.kind} ${subject.name}`);
        const role = roleRef as { kind: string; name: string };
        return [kind, metadata.namespace, metadata.name, `${role.kind} ${role.name}`, ...bound];
      }),
    ).toEqual([
      [
        "ClusterRoleBinding",
        undefined,
        "okd-aws-cluster-admins",
        "ClusterRole cluster-admin",
        "User anna",
        "User system:admin",
        "Group platform",
      ],
      ["ClusterRoleBinding", undefined, "view-all", "ClusterRole cluster-reader", "Group audit"],
      ["RoleBinding", "shop", "deploy", "Role deployer", "User bert"],
    ]);
  });
});

describe("the synchronization of LDAP groups", () => {
  const ldap = {
    name: "ldap",
    type: "LDAP",
    url: "ldap://ldap.example.com:1389/dc=example,dc=com?mail",
    attributes: { preferredUsername: ["mail"] },
  };
  const base = { schedule: "17 * * * *", usersBaseDN: "ou=people,dc=example,dc=com" };
  const objectsFor = (groupSync: object, more: object = {}, secrets: object = {}) => {
    const [provider] = authenticationOf({
      identityProviders: [{ ...ldap, ...more, groupSync }],
      identityProviderSecrets: secrets,
    }).identityProviders;
    return ldapGroupSync(provider as Parameters<typeof ldapGroupSync>[0]);
  };
  const one = (objects: readonly ApiObject[], kind: string) => objects.find((object) => object.kind === kind) ?? ({} as ApiObject);
  const configOf = (objects: readonly ApiObject[]) =>
    load((one(objects, "ConfigMap").data as Record<string, string>)["sync.yaml"]) as Record<string, unknown>;

  test("runs the release's oc in a pod without privileges, and reads the bind password from a file", () => {
    const objects = objectsFor(
      { ...base, groupsBaseDN: "ou=groups", groups: ["cn=admins,ou=groups"] },
      { bindDN: "cn=reader" },
      { ldap: "hidden" },
    );
    expect(objects.flatMap((object) => schemaProblems(object))).toEqual([]);
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`)).toEqual([
      "Namespace /okd-aws-ldap-sync-ldap",
      "ServiceAccount okd-aws-ldap-sync-ldap/group-sync",
      "ClusterRole /okd-aws-ldap-sync-ldap",
      "ClusterRoleBinding /okd-aws-ldap-sync-ldap",
      "ConfigMap okd-aws-ldap-sync-ldap/ldap-sync",
      "Secret okd-aws-ldap-sync-ldap/ldap-sync",
      "CronJob okd-aws-ldap-sync-ldap/ldap-sync",
    ]);
    const job = JSON.stringify(one(objects, "CronJob"));
    expect(job).toContain(
      '"oc","adm","groups","sync","--sync-config=/etc/ldap-sync/sync.yaml","--whitelist=/etc/ldap-sync/groups.txt","--confirm"',
    );
    expect(job).toContain("image-registry.openshift-image-registry.svc:5000/openshift/cli");
    expect(job).not.toContain("hidden");
    expect(configOf(objects)).toMatchObject({
      url: "ldap://ldap.example.com:1389",
      insecure: false,
      bindDN: "cn=reader",
      bindPassword: { file: "/etc/ldap-secret/bindPassword" },
    });
    expect((one(objects, "ConfigMap").data as Record<string, string>)["groups.txt"]).toBe("cn=admins,ou=groups\n");
    expect(one(objects, "ClusterRole").rules).toEqual([
      { apiGroups: ["user.openshift.io"], resources: ["groups"], verbs: ["get", "list", "create", "update"] },
    ]);
  });

  test.each([
    [
      "rfc2307",
      "ou=groups",
      ["groupMembershipAttributes", "groupNameAttributes", "groupUIDAttribute", "groupsQuery", "userUIDAttribute"],
      "member",
    ],
    ["activeDirectory", undefined, ["groupMembershipAttributes"], "memberOf"],
    [
      "augmentedActiveDirectory",
      "ou=groups",
      ["groupMembershipAttributes", "groupNameAttributes", "groupUIDAttribute", "groupsQuery"],
      "memberOf",
    ],
  ])("has oc's configuration for the schema %s", (schema, groupsBaseDN, fields, membership) => {
    const config = configOf(objectsFor({ ...base, schema, ...(groupsBaseDN && { groupsBaseDN }) }));
    const { [schema]: found } = config as Record<string, Record<string, unknown>>;
    expect(
      Object.keys(found)
        .filter((field) => field.startsWith("group") || field === "userUIDAttribute")
        .sort(),
    ).toEqual(fields);
    expect(found).toMatchObject({ groupMembershipAttributes: [membership], userNameAttributes: ["mail"] });
    expect(config).not.toHaveProperty("bindDN");
  });
});

describe("an access token", () => {
  const token = {
    metadata: { name: "x", creationTimestamp: "2026-01-01T00:00:00Z" },
    userName: "anna",
    userUID: "1",
    scopes: ["user:full"],
  };
  const after = (seconds: number) => Date.parse("2026-01-01T00:00:00Z") + seconds * 1000;

  test.each([
    ["before its lifetime ends", { expiresIn: 60 }, 59, true],
    ["after its lifetime", { expiresIn: 60 }, 60, false],
    ["without an end of its lifetime", {}, 1e9, true],
    ["unused for too long", { expiresIn: 3600, inactivityTimeoutSeconds: 300 }, 301, false],
    ["with a narrower scope", { scopes: ["user:info"] }, 1, false],
  ])("proves a login or not: %s", (_, more, seconds, alive) => {
    expect(isTokenValid({ ...token, ...more }, after(seconds))).toBe(alive);
  });

  test("is stored under a name that is the token's digest", () => {
    // printf secret | openssl dgst -sha256 -binary | basenc --base64url
    expect(storedTokenName("sha256~secret")).toBe("sha256~K7gNU3sdo-OL0wNhqoVWhr3g6s1xYv72ol_pe_Unols");
  });
});
