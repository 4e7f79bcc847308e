import { load } from "js-yaml";
import { type Api, type KubeObject, kubeTime } from "@okd-aws/sandbox/cluster/api-server";
import { issueToken, logInByFile } from "@okd-aws/sandbox/cluster/authentication";
import { removeKubeadmin, type RemovalOutcome } from "../../steps/authentication/remove-kubeadmin";
import { providerFacts, providerSecrets } from "../facts/identity-providers";
import { oauthDomain, OAuthProxy } from "./authentication/oauth";
import { PlatformProject } from "./platform-project";

const program = `
  import { Authentication } from "./components/cluster/authentication";
  import { observeLogins } from "./components/cluster/observed-logins";
  const { authentication } = platform;
  const { clusterDomain } = configuration;
  export const kubeadmin = (async () => {
    const observation = await observeLogins(authentication, api);
    return new Authentication("auth", { api, clusterDomain, authentication, observation }).kubeadmin ?? "not asked for";
  })();
`;

const passwords = { anna: "anna's own password", bert: "bert's own password" };
const page = "<form>{{ .Names.Username }}{{ .Names.Password }}{{ .Names.CSRF }}</form>";

/** Every key of the topic except the secrets. */
const options = {
  identityProviders: providerFacts.map(({ configured }) => configured),
  clusterAdmins: ["anna"],
  clusterAdminGroups: ["platform"],
  roleBindings: [
    { name: "developers-view", role: "view", groups: ["developers"] },
    { name: "bert-edits", role: "edit", namespace: "default", users: ["bert"] },
  ],
  accessTokenMaxAge: 28800,
  accessTokenInactivityTimeout: 5400,
  loginTemplates: { login: page, providerSelection: "<p>choose</p>", error: "<p>{{ .Error }}</p>" },
  removeKubeadmin: true,
};

/**
 * The warnings of the API server and the program. The Pulumi engine prints another line for each plugin that it finds on the PATH; the
 * filter removes these lines.
 */
const warnings = (output: string) =>
  output.split("\n").filter((line) => /warning:|unknown field/i.test(line) && !/using pulumi-resource-\w+ from \$PATH/.test(line));

/** The spec when all keys are removed. The API server refuses to empty a spec that was set, so one field without effect remains. */
const minimalSpec = { tokenConfig: { accessTokenInactivityTimeoutSeconds: 0 } };

const kubeadmin = ["v1", "Secret", "kubeadmin", "kube-system"] as const;
const seededKubeadmin = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "kubeadmin", namespace: "kube-system" },
  data: { kubeadmin: "eA==" },
};

/**
 * The report that the authentication operator writes once it has rolled out the providers' settings. The test writes the report, because no
 * operator runs here.
 */
const rolledOut = () => {
  const condition = { type: "Progressing", status: "False", reason: "AsExpected", message: "" };
  const lastTransitionTime = kubeTime();
  const metadata = { name: "authentication" };
  const status = { conditions: [{ ...condition, lastTransitionTime }] };
  return { apiVersion: "config.openshift.io/v1", kind: "ClusterOperator", metadata, spec: {}, status };
};

/**
 * Tests every object that the topic writes, with a real API server. Also tests that the login of an administrator allows the removal of
 * kubeadmin.
 */
describe("authentication on a real API server", () => {
  let proxy: OAuthProxy;
  let project: PlatformProject;
  let api: Api;
  let close: () => void = () => undefined;
  /** The users as the stack file has them. */
  let users: Record<string, unknown>;
  let secrets: Record<string, unknown>;
  let everything: typeof options & { htpasswdUsers: typeof users; identityProviderSecrets: typeof secrets };

  const read = (apiVersion: string, kind: string, name: string, namespace?: string) => project.read(apiVersion, kind, name, namespace);
  const oauth = async () => (await read("config.openshift.io/v1", "OAuth", "cluster"))?.spec as Record<string, unknown> | undefined;
  const decoded = async (name: string, namespace = "openshift-config") => {
    const { data } = ((await read("v1", "Secret", name, namespace)) ?? {}) as { data?: Record<string, string> };
    return Object.fromEntries(Object.entries(data ?? {}).map(([key, text]) => [key, Buffer.from(text, "base64").toString("utf8")]));
  };
  const names = async (path: string) => (await api.list<KubeObject>(path)).map(({ metadata }) => metadata.name).sort();
  const changes = async (more: Readonly<Record<string, unknown>>) => {
    project.configure({ ...everything, ...more });
    return (await project.preview()).map(({ op, name }) => `${op} ${name}`).sort();
  };

  beforeAll(async () => {
    proxy = await OAuthProxy.open();
    project = await PlatformProject.make(program, {}, proxy.environment);
    users = await project.encrypted(passwords);
    secrets = await project.encrypted(providerSecrets);
    everything = { ...options, htpasswdUsers: users, identityProviderSecrets: secrets };
    project.configure(everything);
    await project.api.must("POST", "/api/v1/namespaces", { metadata: { name: "openshift-authentication" } });
    await project.seed({ apiVersion: "config.openshift.io/v1", kind: "OAuth", metadata: { name: "cluster" }, spec: {} }, seededKubeadmin);
    ({ api, close } = await proxy.serve(project));
  });

  afterAll(async () => {
    close();
    proxy.close();
    await (project as PlatformProject | undefined)?.remove();
  });

  it("writes one OAuth object with every key, and removes kubeadmin after anna's login", async () => {
    const { output } = await project.up();
    expect(warnings(output)).toEqual([]);
    expect(await oauth()).toEqual({
      identityProviders: providerFacts.map(({ entry }) => entry),
      tokenConfig: { accessTokenMaxAgeSeconds: 28800, accessTokenInactivityTimeout: "1h30m0s", accessTokenInactivityTimeoutSeconds: 0 },
      templates: {
        login: { name: "okd-aws-login-page" },
        providerSelection: { name: "okd-aws-provider-selection-page" },
        error: { name: "okd-aws-error-page" },
      },
    });
    expect(await decoded("ldap-bind-password")).toEqual({ bindPassword: "secret-of-ldap" });
    expect(await decoded("keystone-client-certificate")).toMatchObject({ "tls.key": providerSecrets.keystone });
    for (const name of ["github", "gitlab", "google", "sso"])
      expect(await decoded(`${name}-client-secret`)).toEqual({ clientSecret: `secret-of-${name}` });
    expect(await decoded("okd-aws-login-page")).toEqual({ "login.html": page });
    expect(await decoded("ldap-sync", "okd-aws-ldap-sync-ldap")).toEqual({ bindPassword: "secret-of-ldap" });
    const sync = ((await read("v1", "ConfigMap", "ldap-sync", "okd-aws-ldap-sync-ldap")) as unknown as { data: Record<string, string> })
      .data;
    expect(load(sync["sync.yaml"])).toMatchObject({ kind: "LDAPSyncConfig", url: "ldaps://ldap.example.com" });

    expect(await project.outputs()).toEqual({ kubeadmin: "removed: anna has logged in, and may do everything" });
    expect(await read(...kubeadmin)).toBeUndefined();
    expect(await project.preview()).toEqual([]);
    const state = await project.state();
    for (const secret of [...Object.values(passwords), ...Object.values(providerSecrets)]) {
      expect(state).not.toContain(secret);
      expect(state).not.toContain(Buffer.from(secret).toString("base64"));
    }
    expect(state).not.toMatch(/\$2[aby]\$10\$/);
  });

  // Each update changes several keys, because a preview takes seconds. The names of the expected changes show which key caused them.
  it("changes only the objects that a changed key belongs to", async () => {
    const hashed = ["update auth-htpasswd-file", "update auth-htpasswd-secret"];
    const without = (name: string) => ({
      identityProviders: everything.identityProviders.filter((provider) => provider.name !== name),
      identityProviderSecrets: Object.fromEntries(Object.entries(secrets).filter(([each]) => each !== name)),
    });
    const [binding] = everything.roleBindings;
    const cases: readonly (readonly [Readonly<Record<string, unknown>>, readonly string[]])[] = [
      [
        {
          htpasswdUsers: { ...users, bert: "another password" },
          clusterAdmins: ["anna", "bert"],
          identityProviderSecrets: { ...secrets, github: "another" },
          loginTemplates: { ...everything.loginTemplates, error: "<p>no</p>" },
        },
        [...hashed, "update auth-binding-okd-aws-cluster-admins", "update auth-github-secret", "update auth-okd-aws-error-page"],
      ],
      [
        { htpasswdUsers: { ...users, carl: "carl's own password" }, accessTokenMaxAge: 3600 },
        ["create auth-htpasswd-carl", ...hashed, "update auth-oauth"],
      ],
      [
        { ...without("github"), roleBindings: [binding] },
        ["delete auth-binding-bert-edits", "delete auth-github-ca", "delete auth-github-secret", "update auth-oauth"],
      ],
    ];
    for (const [more, expected] of cases) expect([more, await changes(more)]).toEqual([more, [...expected].sort()]);
  });

  it("deletes a removed user with identity and tokens, and only reports a user that the stack did not declare", async () => {
    for (const [name, password] of Object.entries(passwords)) {
      const user = await logInByFile(api, name, password);
      if (user === undefined) throw new Error(`${name} can't log in`);
      await issueToken(api, user, "openshift-browser-client");
    }
    await api.create({
      apiVersion: "user.openshift.io/v1",
      kind: "Identity",
      metadata: { name: "htpasswd.dora" },
      providerName: "htpasswd",
      providerUserName: "dora",
      user: { name: "dora", uid: "1" },
    });
    const before = (await decoded("htpasswd-users")).htpasswd.split("\n");
    project.configure({ ...everything, htpasswdUsers: { anna: users.anna }, roleBindings: [] });
    const { output } = await project.up();
    expect(output).toContain("the cluster has users of htpasswd who are not in htpasswdUsers: dora.");
    expect(await names("/apis/user.openshift.io/v1/users")).toEqual(["anna"]);
    expect(await names("/apis/user.openshift.io/v1/identities")).toEqual(["htpasswd.anna", "htpasswd.dora"]);
    const tokens = await api.list<KubeObject & { userName: string }>("/apis/oauth.openshift.io/v1/oauthaccesstokens");
    expect([...new Set(tokens.map(({ userName }) => userName))]).toEqual(["anna"]);
    // Anna's hash is unchanged, because only the other user was removed.
    expect((await decoded("htpasswd-users")).htpasswd).toBe(`${before.find((line) => line.startsWith("anna:")) ?? ""}\n`);
  });

  it("keeps kubeadmin until a user of a provider without passwords has logged in, and checks again after a login", async () => {
    await project.seed(seededKubeadmin);
    const keys = { ...everything, htpasswdUsers: { anna: users.anna }, roleBindings: [], clusterAdmins: ["carol"] };
    project.configure(keys);
    await project.up();
    expect((await project.outputs()).kubeadmin).toMatch(
      /^stays: no administrator of htpasswd, ldap.* has logged in with the current settings \(the cluster operator.*; logged in before: anna\): log in once again as carol or/,
    );
    expect(await read(...kubeadmin)).toBeDefined();
    expect(await project.preview()).toEqual([]);

    await api.create({ apiVersion: "user.openshift.io/v1", kind: "User", metadata: { name: "carol" }, identities: ["github:carol"] });
    const uid = (await api.get("/apis/user.openshift.io/v1/users/carol"))?.metadata.uid ?? "";
    const identity = { providerName: "github", providerUserName: "carol", user: { name: "carol", uid } };
    await api.create({ apiVersion: "user.openshift.io/v1", kind: "Identity", metadata: { name: "github.carol" }, ...identity });
    await issueToken(api, { name: "carol", uid }, "openshift-browser-client");
    await project.seed(rolledOut());
    // Anna's login is older than the rollout, so it used the providers' former settings.
    expect(await project.preview()).toEqual([]);
    await issueToken(api, { name: "carol", uid }, "openshift-browser-client");
    expect((await project.preview()).map(({ op, name }) => `${op} ${name}`)).toEqual(["replace auth-kubeadmin"]);
    await project.up();
    expect((await project.outputs()).kubeadmin).toBe("removed: carol of github is logged in, and may do everything");
    expect(await read(...kubeadmin)).toBeUndefined();
    // Without a logged-in user the observation would change. The preview finds no change, so the program no longer observes logins.
    await api.send("DELETE", "/apis/oauth.openshift.io/v1/oauthaccesstokens");
    expect(await project.preview()).toEqual([]);
  });

  it("keeps kubeadmin after a wrong password, for a user without rights, and while the OAuth server cannot be reached", async () => {
    await project.seed(seededKubeadmin);
    const kubeconfig = project.api.adminKubeconfig(`https://127.0.0.1:${project.api.port}`);
    const request = {
      oauthHost: `oauth-openshift.apps.${oauthDomain}`,
      providers: ["htpasswd"],
      admins: { users: ["anna"], groups: [] },
      timeoutSeconds: 1,
    };
    const attempt = async (password: string, environment: NodeJS.ProcessEnv = proxy.environment): Promise<RemovalOutcome> => {
      Object.assign(process.env, environment);
      try {
        return await removeKubeadmin(request, { kubeconfig, passwords: { anna: password } });
      } finally {
        for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
      }
    };
    expect((await attempt("wrong")).because).toMatch(
      /^anna: name and password are not accepted; no administrator of htpasswd has logged in/,
    );
    expect((await attempt(passwords.anna)).because).toMatch(/^anna: the login succeeded, but the user may not do everything; /);
    expect((await attempt(passwords.anna, { ...proxy.environment, HTTPS_PROXY: "http://127.0.0.1:1" })).because).toMatch(
      /^anna: the login failed: .*ECONNREFUSED/,
    );
    expect(await read(...kubeadmin)).toBeDefined();
  });

  it("removes its objects when the keys are removed, and is destroyed while the API is dead", async () => {
    project.configure({});
    const { output } = await project.up();
    expect(warnings(output)).toEqual([]);
    expect(await oauth()).toEqual(minimalSpec);
    expect(await names("/api/v1/namespaces/openshift-config/secrets")).toEqual([]);
    expect(await read("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "okd-aws-cluster-admins")).toBeUndefined();
    project.configure({ ...everything, removeKubeadmin: false });
    await project.up();
    await project.killApi();
    expect((await project.destroy()).seconds).toBeLessThan(20);
  });
});
