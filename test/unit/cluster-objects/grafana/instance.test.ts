/** Grafana's configuration: the login, and what Grafana may not do. */
import { search } from "jmespath";
import { grafanaNetworkPolicy, grafanaRoute } from "../../../../cluster-objects/grafana/access";
import { grafanaInstance, roleExpression } from "../../../../cluster-objects/grafana/instance";
import { schemaProblems } from "../../../../cluster-objects/schema/check";
import type { GrafanaConfiguration } from "../../../../config/grafana/settings";

const settings: GrafanaConfiguration = {
  host: "grafana.apps.dev.okd.example.com",
  shardLabels: { namespace: {}, route: { tier: "tools" } },
  hstsMaxAge: 31_536_000,
  roles: { Admin: ["platform-admins", "system:cluster-admins"], Editor: ["sre"], Viewer: ["cn=developers,ou=groups"] },
  dashboards: [],
  image: "docker.io/grafana/grafana:12.4.1",
};
const object = grafanaInstance(settings, "dev.okd.example.com");
const { config } = object.spec as { config: Record<string, Record<string, string>> };
const login = config["auth.generic_oauth"];

/** The User object with which OpenShift's API describes the caller. */
const user = (groups: readonly string[], fields: object = {}) => ({
  apiVersion: "user.openshift.io/v1",
  kind: "User",
  metadata: { name: "Anna", uid: "0d6a3a4c-1f1b-4a9e-9a53-1c5f8f0f7f11" },
  identities: ["htpasswd:Anna"],
  groups: ["system:authenticated", "system:authenticated:oauth", ...groups],
  ...fields,
});

test("the object matches the definition of its kind", () => {
  expect(schemaProblems(object)).toEqual([]);
});

test.each<[role: string | false, groups: string[]]>([
  ["Admin", ["platform-admins"]],
  ["Admin", ["sre", "system:cluster-admins"]],
  ["Editor", ["cn=developers,ou=groups", "sre"]],
  ["Viewer", ["cn=developers,ou=groups"]],
  [false, ["sre-interns", "Platform-Admins"]],
  [false, []],
])("Grafana gives the role %s to a user with the groups %j", (role, groups) => {
  expect(search(user(groups), login.role_attribute_path)).toBe(role);
});

test("the expression for a user's role leaves out roles without groups", () => {
  const expression = roleExpression({ Admin: [], Editor: [], Viewer: ["developers"] });
  expect(expression).toBe("(contains(groups, 'developers')) && 'Viewer'");
  expect(search(user(["developers"]), expression)).toBe("Viewer");
});

test("a user is known by the UID, logs in with the name, and is shown with the full name if there is one", () => {
  const anna = user([]);
  expect(search(anna, login.email_attribute_path)).toBe("0d6a3a4c-1f1b-4a9e-9a53-1c5f8f0f7f11@openshift");
  expect(search(anna, login.login_attribute_path)).toBe("Anna");
  expect(search(anna, login.name_attribute_path)).toBe("Anna");
  expect(search(user([], { fullName: "Anna Example" }), login.name_attribute_path)).toBe("Anna Example");
});

test("the login requests only the scope user:info of OpenShift's OAuth server, and refuses users without a role", () => {
  expect(login).toMatchObject({
    client_id: "system:serviceaccount:grafana-operator:grafana-login",
    scopes: "user:info",
    token_url: "https://oauth-openshift.apps.dev.okd.example.com/oauth/token",
    role_attribute_strict: "true",
  });
  const [{ env }] = (object.spec as { deployment: { spec: { template: { spec: { containers: { env: object[] }[] } } } } }).deployment.spec
    .template.spec.containers;
  expect(env).toEqual([
    { name: "GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET", valueFrom: { secretKeyRef: { name: "grafana-login-token", key: "token" } } },
  ]);
  expect(login).not.toHaveProperty("client_secret");
});

test("Grafana sends no reports to the internet, downloads no plugins, and does not publish its own metrics", () => {
  const { analytics, plugins, metrics, auth } = config;
  expect(Object.values(analytics)).toEqual(["false", "false", "false"]);
  expect([plugins.preinstall_disabled, plugins.plugin_admin_enabled, metrics.enabled, auth.disable_login_form]).toEqual([
    "true",
    "false",
    "false",
    "true",
  ]);
});

test("the route has the labels by which a shard selects it", () => {
  const route = grafanaRoute(settings);
  expect(route.metadata.labels).toEqual({ tier: "tools" });
  expect(schemaProblems(route)).toEqual([]);
});

test("the router, and not Grafana, sends the header Strict-Transport-Security, with all flags that a policy may require", () => {
  const header = "max-age=31536000;includeSubDomains;preload";
  expect(grafanaRoute(settings).metadata.annotations).toEqual({ "haproxy.router.openshift.io/hsts_header": header });
  expect(config.security.strict_transport_security).toBe("false");
});

test("a session ends after a day, because groups are compared at logins only", () => {
  expect([config.auth.login_maximum_lifetime_duration, config.auth.login_maximum_inactive_lifetime_duration]).toEqual(["1d", "1d"]);
});

test("Grafana can't reach the instance metadata service", () => {
  const policy = grafanaNetworkPolicy();
  expect(schemaProblems(policy)).toEqual([]);
  expect(policy.spec).toMatchObject({
    policyTypes: ["Ingress", "Egress"],
    egress: [{ to: [{ namespaceSelector: {} }, { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } }] }],
  });
});
