import { admitRoutes } from "./hsts-admission";
import { PlatformProject } from "./platform-project";
import { describeWithTools } from "./requirements";
import { MISSING_IMAGE, RunningGrafana } from "./running-grafana";

const program = `
  import { requiredHsts } from "./cluster-objects/ingress/hsts";
  import { Grafana } from "./components/cluster/grafana";
  const operator = new Stands("operator");
  const { clusterDomain } = configuration;
  const policies = requiredHsts(platform.routers.shards);
  if (policies) api.patch("policies", policies, {});
  if (platform.grafana) new Grafana("grafana", { api, settings: platform.grafana, clusterDomain, operator });
`;

const namespace = "grafana-operator";
const grafanaApi = "grafana.integreatly.org/v1beta1";
const operators = [
  {
    name: "grafana-operator",
    namespace,
    source: "community-operators",
    channel: "v5",
    startingCSV: "grafana-operator.v5.22.2",
    targetNamespaces: [namespace],
  },
];
const shard = {
  name: "private",
  domain: "private.demo.okd.example.com",
  scope: "Internal",
  hsts: { maxAge: 600, includeSubDomains: true, preload: true },
  namespaceSelector: { matchLabels: { exposure: "private" } },
};
const keys = {
  operators,
  grafana: true,
  grafanaAdminGroups: ["platform-admins", "system:cluster-admins"],
  grafanaViewerGroups: ["cn=developers,ou=groups"],
  routerShards: [shard],
  grafanaRouterShard: "private",
};

type Found = { metadata: { labels?: object; annotations?: Record<string, string> }; [field: string]: unknown } | undefined;

describeWithTools("Grafana", () => {
  let project: PlatformProject;
  let running: RunningGrafana;

  beforeAll(async () => {
    project = await PlatformProject.make(program, keys);
    running = await RunningGrafana.start(project);
    const requiredHSTSPolicies = [
      {
        domainPatterns: [`*.${shard.domain}`],
        maxAge: { smallestMaxAge: shard.hsts.maxAge },
        includeSubDomainsPolicy: "RequireIncludeSubDomains",
        preloadPolicy: "RequirePreload",
      },
    ];
    const spec = { domain: "apps.demo.okd.example.com", requiredHSTSPolicies };
    await project.seed({ apiVersion: "config.openshift.io/v1", kind: "Ingress", metadata: { name: "cluster" }, spec });
    await admitRoutes(project.api, namespace, {
      apiVersion: "route.openshift.io/v1",
      kind: "Route",
      metadata: { name: "probe", namespace },
      spec: { host: `probe.${shard.domain}`, to: { kind: "Service", name: "probe" }, tls: { termination: "edge" } },
    });
  });

  afterAll(async () => {
    await (running as RunningGrafana | undefined)?.stop();
    await (project as PlatformProject | undefined)?.remove();
  });

  const read = async (apiVersion: string, kind: string, name: string) =>
    (await project.read(apiVersion, kind, name, namespace)) as unknown as Found;
  const changes = async () => (await project.preview()).map(({ op, name, fields }) => [op, name, ...fields].join(" ")).sort();
  const secret = async (name: string, key: string) => {
    const found = (await read("v1", "Secret", name)) as unknown as { data: Record<string, string> };
    return Buffer.from(found.data[key], "base64").toString("utf8");
  };

  it("runs with its dashboards when the update ends, and a second preview finds no change", async () => {
    const { output } = await project.up();
    const reports = await Promise.all(
      [
        ["Grafana", "grafana"],
        ["GrafanaDatasource", "cluster-metrics"],
        ["GrafanaFolder", "okd-aws"],
        ...["health", "capacity", "etcd", "routers"].map((topic) => ["GrafanaDashboard", `okd-aws-${topic}`]),
      ].map(async ([kind, name]) => {
        const { status } = (await read(grafanaApi, kind, name)) as unknown as {
          status: { conditions: { type: string; status: string }[] };
        };
        return [kind, status.conditions.map((each) => `${each.type} ${each.status}`).join()].join(": ");
      }),
    );
    expect(new Set(reports)).toEqual(
      new Set([
        "Grafana: GrafanaReady True",
        "GrafanaDatasource: DatasourceSynchronized True",
        "GrafanaFolder: FolderSynchronized True",
        "GrafanaDashboard: DashboardSynchronized True",
      ]),
    );
    expect(await changes()).toEqual([]);
    const state = await project.state();
    const secrets = [
      await secret("grafana-admin-credentials", "GF_SECURITY_ADMIN_PASSWORD"),
      await secret("grafana-login-token", "token"),
      await secret("grafana-metrics-token", "token"),
    ];
    for (const each of secrets)
      for (const text of [each, Buffer.from(each).toString("base64")]) {
        expect(text.length).toBeGreaterThan(10);
        expect(output).not.toContain(text);
        expect(state).not.toContain(text);
      }
  });

  it("has a login with OpenShift's OAuth server, whose client is a service account, and roles by group", async () => {
    const { data } = (await read("v1", "ConfigMap", "grafana-ini")) as unknown as { data: Record<string, string> };
    const ini = data["grafana.ini"].split("\n");
    expect(ini).toEqual(
      expect.arrayContaining([
        "root_url = https://grafana.private.demo.okd.example.com",
        "client_id = system:serviceaccount:grafana-operator:grafana-login",
        "auth_url = https://oauth-openshift.apps.demo.okd.example.com/oauth/authorize",
        "role_attribute_path = (contains(groups, 'platform-admins') || contains(groups, 'system:cluster-admins')) && 'Admin' || (contains(groups, 'cn=developers,ou=groups')) && 'Viewer'",
        "role_attribute_strict = true",
        "disable_login_form = true",
      ]),
    );
    const account = await read("v1", "ServiceAccount", "grafana-login");
    expect(account?.metadata.annotations).toEqual({
      "serviceaccounts.openshift.io/oauth-redirecturi.grafana": "https://grafana.private.demo.okd.example.com/login/generic_oauth",
    });
    const { spec } = (await read("apps/v1", "Deployment", "grafana-deployment")) as unknown as {
      spec: { template: { spec: { containers: { env: object[]; readinessProbe: object }[] } } };
    };
    const [container] = spec.template.spec.containers;
    expect(container.env).toContainEqual({
      name: "GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET",
      valueFrom: { secretKeyRef: { name: "grafana-login-token", key: "token" } },
    });
    expect(container.readinessProbe).toMatchObject({ httpGet: { scheme: "HTTPS" } });
  });

  it("reads metrics with a token that has no expiry, and verifies the certificate with the service CA", async () => {
    const [, claims] = (await secret("grafana-metrics-token", "token")).split(".");
    const token = JSON.parse(Buffer.from(claims, "base64url").toString("utf8")) as Record<string, unknown>;
    expect(token.sub).toBe("system:serviceaccount:grafana-operator:grafana-metrics");
    expect(token).not.toHaveProperty("exp");
    const binding = (await project.read("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "okd-aws-grafana-metrics")) as unknown as {
      roleRef: { name: string };
      subjects: object[];
    };
    expect([binding.roleRef.name, binding.subjects]).toEqual([
      "cluster-monitoring-view",
      [{ kind: "ServiceAccount", namespace, name: "grafana-metrics" }],
    ]);
    const ca = (await read("v1", "ConfigMap", "grafana-service-ca")) as unknown as { data: Record<string, string> };
    expect(ca.data["service-ca.crt"]).toContain("BEGIN CERTIFICATE");
    const { spec } = (await read(grafanaApi, "GrafanaDatasource", "cluster-metrics")) as unknown as {
      spec: { datasource: { url: string; jsonData: object; secureJsonData: object } };
    };
    expect(spec.datasource).toMatchObject({
      url: "https://thanos-querier.openshift-monitoring.svc:9091",
      jsonData: { tlsAuthWithCACert: true },
      secureJsonData: { httpHeaderValue1: "Bearer ${token}" },
    });
  });

  it("is served by its router shard: the namespace has the shard's label, and the route meets the shard's HSTS policy", async () => {
    const found = (await project.read("v1", "Namespace", namespace)) as unknown as Found;
    expect(found?.metadata.labels).toMatchObject({ exposure: "private" });
    const { spec } = (await read("route.openshift.io/v1", "Route", "grafana")) as unknown as { spec: object };
    expect(spec).toMatchObject({
      host: "grafana.private.demo.okd.example.com",
      to: { name: "grafana-service" },
      tls: { termination: "reencrypt", insecureEdgeTerminationPolicy: "Redirect" },
    });
  });

  it("changes only what differs: roles, and the set of dashboards", async () => {
    project.configure({ ...keys, grafanaEditorGroups: ["sre"], grafanaDashboards: ["health", "backups"] });
    expect(await changes()).toEqual(
      [
        "create grafana-dashboard-backups",
        "delete grafana-dashboard-capacity",
        "delete grafana-dashboard-etcd",
        "delete grafana-dashboard-routers",
        'update grafana-instance spec.config["auth.generic_oauth"].role_attribute_path',
        "replace grafana-rollout triggers[0]",
      ].sort(),
    );
    await project.up();
    expect(await read(grafanaApi, "GrafanaDashboard", "okd-aws-etcd")).toBeUndefined();
    expect(await read(grafanaApi, "GrafanaDashboard", "okd-aws-backups")).toBeDefined();
    expect(await changes()).toEqual([]);
  });

  it("fails with an image that does not start, although the old pod still answers, until the image is corrected", async () => {
    const changed = { ...keys, grafanaEditorGroups: ["sre"], grafanaDashboards: ["health", "backups"] };
    project.configure({ ...changed, grafanaImage: MISSING_IMAGE });
    await expect(project.up()).rejects.toThrow("the new pod has not started in time");
    const { status } = (await read(grafanaApi, "Grafana", "grafana")) as unknown as { status: { stageStatus: string } };
    expect(status.stageStatus).toBe("success");
    expect(await changes()).toContainEqual(expect.stringMatching(/ grafana-rollout/));
    project.configure({ ...changed, routerShards: [{ ...shard, hsts: undefined }] });
    await project.up();
    expect(await changes()).toEqual([]);
  });

  it("leaves only the operator's namespace when it is switched off", async () => {
    project.configure({ operators });
    await project.up();
    for (const [apiVersion, kind, name] of [
      [grafanaApi, "Grafana", "grafana"],
      [grafanaApi, "GrafanaDashboard", "okd-aws-health"],
      ["v1", "Secret", "grafana-metrics-token"],
      ["v1", "ServiceAccount", "grafana-login"],
      ["route.openshift.io/v1", "Route", "grafana"],
    ])
      expect(await read(apiVersion, kind, name)).toBeUndefined();
    const found = (await project.read("v1", "Namespace", namespace)) as unknown as Found;
    expect(found?.metadata.labels).not.toHaveProperty("exposure");
    expect(await project.read("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "okd-aws-grafana-metrics")).toBeUndefined();
    const { items } = (await project.api.must("GET", `/apis/apps/v1/namespaces/${namespace}/deployments`)) as { items: object[] };
    expect(items).toEqual([]);
  });
});
