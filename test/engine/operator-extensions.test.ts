import type { OlmBundle, OlmCatalog } from "@okd-aws/sandbox/cluster/olm-stand-in";
import type { ApiObject } from "../../cluster-objects/object";
import { clusterExtension, extensionAccount, extensionRole, extensionRoleBinding } from "../../cluster-objects/operators/extension";
import type { ExtensionConfiguration } from "../../config/operators/settings";
import { reasonOf } from "../../lib/reason";
import { ExtensionApi } from "../../steps/extension/cluster-api";
import type { ExtensionRequest } from "../../steps/extension/objects";
import { waitForExtension } from "../../steps/extension/wait";
import { PlatformProject } from "./platform-project";
import { describeWithTools } from "./requirements";
import { RunningExtensions } from "./running-extensions";

const program = `
  import { OperatorExtension } from "./components/cluster/operator-extension";
  for (const entry of platform.extensions) {
    const { ready } = new OperatorExtension("operator-" + entry.package, { api, entry });
    const operand = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "operand", namespace: entry.namespace } };
    api.object("operand", operand, { dependsOn: ready });
  }
`;

const OPERATOR_RULE = { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "update"] };
const bundle = (version: string, more: Partial<OlmBundle> = {}): OlmBundle => ({
  ...{ name: `demo.v${version}`, package: "demo", version, installModes: ["AllNamespaces"] },
  owned: [{ name: "demos.example.com", kind: "Demo", version: "v1" }],
  deployments: [{ name: "demo", serviceAccount: "demo", labels: { app: "demo" }, requests: { cpu: "10m", memory: "20Mi" } }],
  permissions: [{ serviceAccount: "demo", rules: [OPERATOR_RULE] }],
  ...more,
});
const chain = ["1.0.0", "1.1.0", "1.2.0"];
const catalog: OlmCatalog = {
  packages: [
    {
      name: "demo",
      defaultChannel: "stable",
      channels: [
        {
          name: "stable",
          entries: chain.map((version, index) => ({
            name: `demo.v${version}`,
            ...(index > 0 && { replaces: `demo.v${chain[index - 1]}` }),
          })),
        },
        { name: "special", entries: ["2.0.0", "3.0.0"].map((version) => ({ name: `demo.v${version}` })) },
      ],
    },
  ],
  bundles: [
    ...chain.map((version) => bundle(version)),
    bundle("2.0.0", { required: [{ name: "databases.example.com", kind: "Database", version: "v1" }] }),
    bundle("3.0.0", { installModes: ["OwnNamespace", "SingleNamespace"] }),
  ],
};

/** The least permissions with which the demo operator can be installed, as docs/operators.md derives them. */
const managed = (apiGroup: string, ...resources: string[]) => ({
  apiGroups: [apiGroup],
  resources,
  verbs: ["create", "list", "watch", "get", "update", "patch", "delete"],
});
const permissions = [
  managed("", "serviceaccounts"),
  managed("apps", "deployments"),
  managed("apiextensions.k8s.io", "customresourcedefinitions"),
  managed("rbac.authorization.k8s.io", "clusterroles", "clusterrolebindings"),
  OPERATOR_RULE,
  { apiGroups: [""], resources: ["namespaces"], verbs: ["get", "list", "watch"] },
];
const demo = { name: "demo", generation: 1, namespace: "demo", source: "team", channel: "stable", version: "1.0.0", permissions };
const olmApi = "olm.operatorframework.io/v1";

describeWithTools("an operator of version 1 of OLM", () => {
  let project: PlatformProject;
  let olm: RunningExtensions;

  beforeAll(async () => {
    project = await PlatformProject.make(program, { operators: [demo] });
    olm = await RunningExtensions.start(project, "team", catalog);
  });

  afterAll(async () => {
    await (olm as RunningExtensions | undefined)?.stop();
    await (project as PlatformProject | undefined)?.remove();
  });

  const installed = async () =>
    ((await project.read(olmApi, "ClusterExtension", "demo")) as { status?: { install?: { bundle: { version: string } } } } | undefined)
      ?.status?.install?.bundle.version;
  const fails = async (operator: object): Promise<string> => {
    project.configure({ operators: [operator] });
    const { code, output } = await project.pulumi("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    return output.replaceAll(/\s+/g, " ");
  };

  it("fails if a permission is missing, with the API server's own reason", async () => {
    const output = await fails({ ...demo, permissions: permissions.filter(({ apiGroups }) => !apiGroups.includes("apps")) });
    expect(output).toContain("The service account with which OLM installs demo lacks permissions.");
    expect(output).toMatch(
      /deployments\.apps "demo" is forbidden: User "system:serviceaccount:demo:demo-installer" cannot get resource "deployments"/,
    );
    expect(await installed()).toBeUndefined();
  });

  it("is installed in the pinned version with the least permissions, before its operand", async () => {
    project.configure({ operators: [demo] });
    await project.up();
    expect(await installed()).toBe("1.0.0");
    expect(await project.read("apps/v1", "Deployment", "demo", "demo")).toBeDefined();
    expect(await project.read("v1", "ConfigMap", "operand", "demo")).toBeDefined();
    expect(await project.preview()).toEqual([]);
  });

  it("is updated to the next version, and the preview shows the change of the version", async () => {
    project.configure({ operators: [{ ...demo, version: "1.1.0" }] });
    const changes = await project.preview();
    expect(changes.map(({ op, name, fields }) => [op, name, ...fields].join(" "))).toContain(
      "update operator-demo-extension spec.source.catalog.version",
    );
    await project.up();
    expect(await installed()).toBe("1.1.0");
  });

  it("does not move to another namespace, because its custom resources would be deleted", async () => {
    expect(await fails({ ...demo, version: "1.1.0", namespace: "other" })).toContain(
      "its ClusterExtension is in the namespace demo, and OLM cannot move it to other. Set namespace to demo.",
    );
    expect(await installed()).toBe("1.1.0");
  });

  it("is removed with its CustomResourceDefinitions and all custom resources, but its namespace stays", async () => {
    const mine = { apiVersion: "example.com/v1", kind: "Demo", metadata: { name: "mine" } };
    await project.api.must("POST", "/apis/example.com/v1/namespaces/default/demos", mine);
    project.configure({});
    await project.up();
    expect(await project.read(olmApi, "ClusterExtension", "demo")).toBeUndefined();
    expect(await project.read("v1", "ServiceAccount", "demo-installer", "demo")).toBeUndefined();
    await olm.until("the deletion of the definition", async () => {
      const definition = await project.read("apiextensions.k8s.io/v1", "CustomResourceDefinition", "demos.example.com");
      return definition === undefined ? true : undefined;
    });
    await olm.until("the deletion of the Deployment", async () =>
      (await project.read("apps/v1", "Deployment", "demo", "demo")) === undefined ? true : undefined,
    );
    expect(await project.read("v1", "Namespace", "demo")).toBeDefined();
  });
});

describeWithTools("waiting for an operator of version 1 of OLM", () => {
  let project: PlatformProject;
  let olm: RunningExtensions;

  beforeAll(async () => {
    project = await PlatformProject.make("export {};");
    olm = await RunningExtensions.start(project, "team", catalog);
    await project.api.must("POST", "/api/v1/namespaces", { metadata: { name: "demo" } });
  });

  afterAll(async () => {
    await (olm as RunningExtensions | undefined)?.stop();
    await (project as PlatformProject | undefined)?.remove();
  });

  const rules = permissions.map((rule) => ({ resourceNames: [], nonResourceURLs: [], ...rule }));
  const remove = async ({ apiVersion, kind, metadata: { name, namespace } }: ApiObject) =>
    project.api.must("DELETE", await project.pathOf(apiVersion, kind, name, namespace));

  /**
   * The error of the wait, with a share of the usual patience. Afterwards nothing of the operator is left.
   *
   * @param leftOut the objects that do not exist
   * @param change changes the installed operator, and returns the request of a second wait, whose error counts
   */
  const failure = async (
    more: Partial<ExtensionConfiguration>,
    share = 1 / 15,
    leftOut: (object: ApiObject) => boolean = () => false,
    change?: (api: ExtensionApi, request: ExtensionRequest) => Promise<ExtensionRequest>,
  ): Promise<string> => {
    const entry: ExtensionConfiguration = {
      ...{ package: "demo", namespace: "demo", catalog: "team", channel: "stable", version: "1.0.0" },
      ...{ permissions: rules, upgradeConstraintPolicy: "CatalogProvided" },
      ...more,
    };
    const all = [extensionAccount, extensionRole, extensionRoleBinding, clusterExtension].map((object) => object(entry));
    const objects = all.filter((object) => !leftOut(object));
    await project.seed(...objects);
    const api = new ExtensionApi(project.api.adminKubeconfig(`https://127.0.0.1:${project.api.port}`));
    const wait = (wanted: ExtensionRequest) =>
      waitForExtension(api, wanted, { timeouts: { total: 60, patience: share, pause: 0.3 } }).then(() => "no failure", reasonOf);
    const request: ExtensionRequest = { ...entry, permissions: "" };
    const first = await wait(request);
    const text = change === undefined ? first : await wait(await change(api, request));
    for (const object of objects.reverse()) await remove(object);
    await olm.until("the deletion of the ClusterExtension", async () =>
      (await project.read(olmApi, "ClusterExtension", entry.package)) === undefined ? true : undefined,
    );
    await olm.until("the deletion of the definition", async () => {
      const definition = await project.read("apiextensions.k8s.io/v1", "CustomResourceDefinition", "demos.example.com");
      return definition === undefined ? true : undefined;
    });
    return text;
  };

  it("fails if the catalog does not have the configured names", async () => {
    expect(await failure({ package: "nosuch" })).toContain(
      'OLM says: no bundles found for package "nosuch" matching version "1.0.0" in channels [stable]',
    );
    expect(await failure({ channel: "nosuch" })).toContain("or the package has no channel nosuch");
    expect(await failure({ version: "9.9.9" })).toContain("or the channel has no version 9.9.9.");
  });

  it("fails if the operator would get more rights than the account that installs it", async () => {
    expect(await failure({ permissions: rules.filter(({ resources }) => !resources.includes("configmaps")) })).toMatch(
      /lacks permissions.*attempting to grant RBAC permissions not currently held[^]*configmaps/,
    );
  });

  it("fails if the account may not list what it has installed", async () => {
    const withoutList = rules.map((rule) =>
      rule.apiGroups.includes("apps") ? { ...rule, verbs: rule.verbs.filter((verb) => verb !== "list") } : rule,
    );
    expect(await failure({ permissions: withoutList })).toMatch(
      /lacks permissions.*User "system:serviceaccount:demo:demo-installer" cannot list resource "deployments" in API group "apps" at the cluster scope/,
    );
  });

  it("fails if the catalog has no direct update, and the installed version stays", async () => {
    const text = await failure({}, 1 / 15, undefined, async (api, request) => {
      const path = "/apis/olm.operatorframework.io/v1/clusterextensions/demo";
      const found = (await project.api.must("GET", path)) as { spec: { source: { catalog: object } } };
      Object.assign(found.spec.source.catalog, { version: "1.2.0" });
      await project.api.must("PUT", path, found);
      const { extension } = await api.state(request);
      expect(extension?.status?.install?.bundle?.version).toBe("1.0.0");
      return { ...request, version: "1.2.0" };
    });
    expect(text).toMatch(/no version 1\.2\.0 of demo in the channel stable that updates the installed version directly/);
    expect(text).toContain(
      'OLM says: error upgrading from currently installed version "1.0.0": no bundles found for package "demo" matching version "1.2.0" in channels [stable]',
    );
  });

  it("fails if the catalog does not exist, or its image cannot be pulled", async () => {
    expect(await failure({ catalog: "nosuch" })).toContain("ClusterCatalog nosuch does not exist. The cluster has team.");
    await olm.addCatalog("silent");
    expect(await failure({ catalog: "silent" }, 1 / 200)).toMatch(
      /ClusterCatalog silent does not serve its content \(Retrying: .*unauthorized\)/,
    );
  });

  it("fails if version 1 of OLM cannot install the operator, and the error names version 0", async () => {
    const special = { channel: "special" };
    expect(await failure({ ...special, version: "2.0.0" })).toMatch(/demo needs another operator\..*remove generation 1/);
    expect(await failure({ ...special, version: "3.0.0" })).toMatch(
      /cannot watch all namespaces.*supported install modes \[OwnNamespace SingleNamespace\] do not support targeting all namespaces/,
    );
  });

  it("fails if the service account does not exist", async () => {
    expect(await failure({}, 1 / 15, ({ kind }) => kind === "ServiceAccount")).toContain(
      'OLM says: service account "demo-installer" not found in namespace "demo"',
    );
  });

  it("fails if an object of the operator exists already", async () => {
    const left: ApiObject = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "demo", namespace: "demo" } };
    await project.seed(left);
    expect(await failure({})).toMatch(
      /An object of demo exists already\..*ServiceAccount "demo" in namespace "demo" exists and cannot be imported/,
    );
    await remove(left);
  });

  it("fails if the operator's pods are refused, although OLM says that it is installed", async () => {
    olm.broken.add("demo");
    expect(await failure({}, 1 / 200)).toMatch(/The operator's Deployment demo does not start: pods "demo-" is forbidden/);
  });
});
