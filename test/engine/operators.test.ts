import type { ApiObject } from "../../cluster-objects/object";
import { operatorGroup, operatorSubscription } from "../../cluster-objects/operators/subscription";
import type { OperatorConfiguration } from "../../config/operators/settings";
import { reasonOf } from "../../lib/reason";
import { removeOperator } from "../../steps/operator-removal/remove";
import { OperatorApi } from "../../steps/operator/cluster-api";
import { waitForOperator } from "../../steps/operator/wait";
import { demoCatalog } from "./demo-catalog";
import { PlatformProject } from "./platform-project";
import { describeWithTools } from "./requirements";
import { RunningOlm } from "./running-olm";

const program = `
  import { Operator } from "./components/cluster/operator";
  for (const entry of platform.operators) {
    const { ready } = new Operator("operator-" + entry.package, { api, entry });
    const operand = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "operand", namespace: entry.namespace } };
    api.object("operand", operand, { dependsOn: ready });
  }
`;

const demo = { name: "demo", namespace: "demo", source: "team", channel: "stable", startingCSV: "demo.v1.0.0", targetNamespaces: ["demo"] };
const olmApi = "operators.coreos.com/v1alpha1";

describeWithTools("an operator", () => {
  let project: PlatformProject;
  let olm: RunningOlm;

  beforeAll(async () => {
    project = await PlatformProject.make(program, { operators: [demo] });
    olm = await RunningOlm.start(project, "team", demoCatalog);
  });

  afterAll(async () => {
    await (olm as RunningOlm | undefined)?.stop();
    await (project as PlatformProject | undefined)?.remove();
  });

  const csv = async (name: string, namespace = "demo") =>
    (await project.read(olmApi, "ClusterServiceVersion", name, namespace)) as { status?: { phase?: string } } | undefined;
  const subscription = async () =>
    (await project.read(olmApi, "Subscription", "demo", "demo")) as { status?: { state?: string; currentCSV?: string } } | undefined;
  const pending = () =>
    olm.until("the next InstallPlan", async () => {
      const { status } = (await subscription()) ?? {};
      return status?.state === "UpgradePending" ? status.currentCSV : undefined;
    });
  /** The versions in all InstallPlans that have been approved. */
  const approved = async () => {
    const { items } = (await project.api.must("GET", `/apis/${olmApi}/namespaces/demo/installplans`)) as {
      items: { spec: { approved: boolean; clusterServiceVersionNames: string[] } }[];
    };
    return items
      .filter(({ spec }) => spec.approved)
      .flatMap(({ spec }) => spec.clusterServiceVersionNames)
      .sort();
  };
  const deployment = async () =>
    (await project.read("apps/v1", "Deployment", "demo", "demo")) as unknown as
      { spec: { template: { spec: { containers: { env: object[] }[] } } } } | undefined;
  const fails = async (operator: object): Promise<string> => {
    project.configure({ operators: [operator] });
    const { code, output } = await project.pulumi("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    return output.replaceAll(/\s+/g, " ");
  };

  it("is installed in the pinned version, although the channel has newer ones, before its operand", async () => {
    await project.up();
    expect((await csv("demo.v1.0.0"))?.status?.phase).toBe("Succeeded");
    expect(await deployment()).toBeDefined();
    expect(await project.read("v1", "ConfigMap", "operand", "demo")).toBeDefined();
    expect(await pending()).toBe("demo.v1.1.0");
    expect(await project.preview()).toEqual([]);
  });

  it("gets the settings of its pods", async () => {
    project.configure({ operators: [{ ...demo, env: { LOG_LEVEL: "debug" } }] });
    await project.up();
    const found = await olm.until("the variable", async () => {
      const env = (await deployment())?.spec.template.spec.containers[0].env;
      return JSON.stringify(env).includes("LOG_LEVEL") ? env : undefined;
    });
    expect(found).toContainEqual({ name: "LOG_LEVEL", value: "debug" });
  });

  it("is updated along the channel up to the version in the configuration, and not beyond it", async () => {
    project.configure({ operators: [{ ...demo, startingCSV: "demo.v1.2.0" }] });
    expect((await project.preview()).map(({ op, name, fields }) => [op, name, ...fields].join(" "))).toEqual([
      "update operator-demo-subscription spec.config spec.startingCSV",
      "update operator-demo-ready create",
    ]);
    await project.up();
    expect((await csv("demo.v1.2.0"))?.status?.phase).toBe("Succeeded");
    await olm.until("the removal of the old version", async () => ((await csv("demo.v1.0.0")) === undefined ? true : undefined));
    expect(await approved()).toEqual(["demo.v1.0.0", "demo.v1.1.0", "demo.v1.2.0"]);
    expect(await csv("demo.v1.3.0")).toBeUndefined();
  });

  it("does not go back to an older version", async () => {
    expect(await fails(demo)).toContain("demo.v1.2.0 is installed, which is newer than startingCSV demo.v1.0.0: OLM does not go back.");
  });

  it("leaves its namespace, definitions and custom resources when it is removed, but no pods", async () => {
    await project.api.must("POST", "/apis/example.com/v1/namespaces/demo/demos", {
      apiVersion: "example.com/v1",
      kind: "Demo",
      metadata: { name: "mine" },
    });
    project.configure({});
    await project.up();
    expect(await subscription()).toBeUndefined();
    expect(await csv("demo.v1.2.0")).toBeUndefined();
    await olm.until("the deletion of the Deployment", async () => ((await deployment()) === undefined ? true : undefined));
    expect(await project.read("example.com/v1", "Demo", "mine", "demo")).toBeDefined();
    expect(await project.read("operators.coreos.com/v1", "OperatorGroup", "demo", "demo")).toBeUndefined();
  });

  it("is installed again in the namespace that was left, and refuses a version that OLM would leave out", async () => {
    project.configure({ operators: [{ ...demo, channel: "fast" }] });
    await project.up();
    expect(await fails({ ...demo, channel: "fast", startingCSV: "demo.v1.2.0" })).toContain(
      "Channel fast offers demo.v1.3.0 from demo.v1.0.0, which is not approved: startingCSV is demo.v1.2.0.",
    );
    expect((await csv("demo.v1.0.0"))?.status?.phase).toBe("Succeeded");
    project.configure({ operators: [{ ...demo, channel: "fast", startingCSV: "demo.v1.3.0" }] });
    await project.up();
    project.configure({});
    await project.up();
  });

  it("changes its channel without the version that the old channel offers", async () => {
    project.configure({ operators: [demo] });
    await project.up();
    expect(await pending()).toBe("demo.v1.1.0");
    const before = await approved();
    project.configure({ operators: [{ ...demo, channel: "corrected", startingCSV: "demo.v1.2.0" }] });
    await project.up();
    expect(await approved()).toEqual([...before, "demo.v1.2.0"].sort());
    project.configure({});
    await project.up();
  });

  it("gets updates by itself after a change from approval Manual to Automatic", async () => {
    project.configure({ operators: [demo] });
    await project.up();
    expect(await pending()).toBe("demo.v1.1.0");
    const { name, namespace, source, channel, targetNamespaces } = demo;
    project.configure({ operators: [{ name, namespace, source, channel, targetNamespaces, approval: "Automatic" }] });
    await project.up();
    await olm.until("the next version", async () => ((await csv("demo.v1.1.0"))?.status?.phase === "Succeeded" ? true : undefined));
    project.configure({});
    await project.up();
  });

  it("that watches all namespaces shares openshift-operators, and gets the newest version with approval Automatic", async () => {
    const { source, channel } = demo;
    project.configure({ operators: [{ name: "other", namespace: "openshift-operators", source, channel, approval: "Automatic" }] });
    await project.up();
    expect((await csv("other.v1.0.0", "openshift-operators"))?.status?.phase).toBe("Succeeded");
    const lifted = async () => await project.read("rbac.authorization.k8s.io/v1", "ClusterRole", "other.v1.0.0-demo");
    expect(await lifted()).toBeDefined();
    expect(await project.read("rbac.authorization.k8s.io/v1", "ClusterRole", "demo.v1.0.0-demo")).toBeUndefined();
    project.configure({});
    await project.up();
    expect(await project.read("operators.coreos.com/v1", "OperatorGroup", "global-operators", "openshift-operators")).toBeDefined();
    await olm.until("the end of the cluster role", async () => ((await lifted()) === undefined ? true : undefined));
  });
});

describeWithTools("waiting for an operator", () => {
  let project: PlatformProject;
  let olm: RunningOlm;

  beforeAll(async () => {
    project = await PlatformProject.make("export {};");
    olm = await RunningOlm.start(project, "team", demoCatalog);
    await project.api.must("POST", "/api/v1/namespaces", { metadata: { name: "demo" } });
  });

  afterAll(async () => {
    await (olm as RunningOlm | undefined)?.stop();
    await (project as PlatformProject | undefined)?.remove();
  });

  const objectsOf = (entry: Partial<OperatorConfiguration>) => {
    const source = { name: "team", namespace: "openshift-marketplace" };
    const whole = {
      package: "demo",
      namespace: "demo",
      source,
      channel: "stable",
      startingCSV: "demo.v1.0.0",
      targetNamespaces: ["demo"],
      env: {},
      ...entry,
    };
    return { whole, objects: [operatorGroup(whole), operatorSubscription(whole)] };
  };
  const remove = async ({ apiVersion, kind, metadata: { name } }: ApiObject) =>
    project.api.must("DELETE", await project.pathOf(apiVersion, kind, name, "demo"));

  /** The error of the wait, with `share` of the usual patience. Afterwards nothing of the operator is left. */
  const failure = async (entry: Partial<OperatorConfiguration>, share = 1 / 15): Promise<string> => {
    const { whole, objects } = objectsOf(entry);
    await project.seed(...objects);
    const api = new OperatorApi(project.api.adminKubeconfig(`https://127.0.0.1:${project.api.port}`));
    const waiting = waitForOperator(api, whole, { timeouts: { total: 60, patience: share, pause: 0.3 } });
    const text = await waiting.then(() => "no failure", reasonOf);
    for (const object of objects) await remove(object);
    await removeOperator(api, whole);
    await olm.until("the deletion of the version", async () => {
      const { items } = (await project.api.must("GET", `/apis/${olmApi}/namespaces/demo/clusterserviceversions`)) as { items: object[] };
      return items.length === 0 ? true : undefined;
    });
    return text;
  };

  it("fails if the catalog does not have the configured names, and the error lists the existing names", async () => {
    const source = { name: "nosuch", namespace: "openshift-marketplace" };
    expect(await failure({ source })).toContain(
      "CatalogSource openshift-marketplace/nosuch does not exist. openshift-marketplace has team.",
    );
    expect(await failure({ package: "nosuch" })).toContain("The catalog openshift-marketplace/team has no package nosuch.");
    expect(await failure({ channel: "nosuch" })).toContain("Package demo in the catalog openshift-marketplace/team has no channel nosuch.");
  });

  it("fails if the operator does not support the install mode of its targetNamespaces, and the error lists the supported modes", async () => {
    expect(await failure({ targetNamespaces: [] })).toMatch(
      /demo.v1.0.0 in demo is Failed, UnsupportedOperatorGroup: AllNamespaces InstallModeType not supported.* It supports OwnNamespace, SingleNamespace/,
    );
    expect(await failure({ targetNamespaces: ["demo", "default"] })).toContain("cannot configure to watch 2 namespaces");
  });

  it("fails if the cluster lacks something that the operator needs, and the error names the missing thing", async () => {
    expect(await failure({ channel: "incomplete", startingCSV: "demo.v3.0.0" }, 1 / 60)).toContain(
      "Missing: CustomResourceDefinition databases.example.com (CRD is not present)",
    );
  });

  it("fails if the operator's Deployment does not start, and the error names the Deployment", async () => {
    olm.broken.add("crashing");
    expect(await failure({ channel: "broken", startingCSV: "demo.v2.0.0" }, 1 / 120)).toMatch(
      /demo.v2.0.0 in demo is Failed, InstallCheckFailed: install failed: deployment crashing not ready before timeout/,
    );
  });

  it("fails if a second OperatorGroup or another broken Subscription in the namespace stops OLM, and the error names them", async () => {
    const second: ApiObject = {
      apiVersion: "operators.coreos.com/v1",
      kind: "OperatorGroup",
      metadata: { name: "by-hand", namespace: "demo" },
    };
    await project.seed(second);
    expect(await failure({})).toMatch(
      /The namespace demo has 2 OperatorGroups \((by-hand, demo|demo, by-hand)\), so OLM installs nothing there/,
    );
    await remove(second);

    const broken = objectsOf({ package: "gone" }).objects[1];
    await project.seed(broken);
    expect(await failure({})).toContain(
      "The Subscription gone in demo cannot be resolved, and OLM resolves all Subscriptions of a namespace together.",
    );
    await remove(broken);
  });

  it("fails if a deleted Subscription has left a version behind, and the error names the version", async () => {
    const { whole, objects } = objectsOf({});
    await project.seed(...objects);
    const api = new OperatorApi(project.api.adminKubeconfig(`https://127.0.0.1:${project.api.port}`));
    await waitForOperator(api, whole, { timeouts: { total: 60, patience: 1, pause: 0.3 } });
    for (const object of objects) await remove(object);
    expect(await failure({})).toContain("demo.v1.0.0 was left in demo by a Subscription that has been deleted.");
  });

  it("fails if a catalog does not answer, even if only another Subscription uses the catalog", async () => {
    await olm.addCatalog("silent");
    expect(await failure({ source: { name: "silent", namespace: "openshift-marketplace" } }, 1 / 120)).toContain(
      "CatalogSource openshift-marketplace/silent does not answer (TRANSIENT_FAILURE).",
    );
    expect(await failure({}, 1 / 120)).toContain(
      "OLM resolves nothing in demo while the catalog openshift-marketplace/silent does not answer",
    );
  });
});
