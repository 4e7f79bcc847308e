/** Operators that move, that replace each other, and that somebody else has installed. */
import type { OlmBundle, OlmCatalog } from "@okd-aws/sandbox/cluster/olm-stand-in";
import { PlatformProject } from "./platform-project";
import { describeWithTools } from "./requirements";
import { RunningOlm } from "./running-olm";

const program = `
  import { Operator } from "./components/cluster/operator";
  const operators = platform.operators.map((entry) => new Operator("operator-" + entry.package, { api, entry }));
  export const checked = Operator.checkInPreview(operators);
`;

const bundle = (name: string): OlmBundle => ({
  name: `${name}.v1.0.0`,
  package: name,
  version: "1.0.0",
  installModes: ["AllNamespaces"],
  owned: [{ name: `${name}s.example.com`, kind: name, version: "v1" }],
  deployments: [{ name, serviceAccount: name, labels: { app: name }, requests: { cpu: "10m", memory: "20Mi" } }],
});
const names = ["demo", "other"];
const catalog: OlmCatalog = {
  packages: names.map((name) => ({
    name,
    defaultChannel: "stable",
    channels: [{ name: "stable", entries: [{ name: `${name}.v1.0.0` }] }],
  })),
  bundles: names.map(bundle),
};
const entry = (name: string, namespace: string) => ({ name, namespace, source: "team", channel: "stable", startingCSV: `${name}.v1.0.0` });
const olmApi = "operators.coreos.com/v1alpha1";
const groupApi = "operators.coreos.com/v1";

describeWithTools("the namespace of an operator", () => {
  let project: PlatformProject;
  let olm: RunningOlm;

  beforeAll(async () => {
    project = await PlatformProject.make(program, { operators: [entry("demo", "one")] });
    olm = await RunningOlm.start(project, "team", catalog);
  });

  afterAll(async () => {
    await (olm as RunningOlm | undefined)?.stop();
    await (project as PlatformProject | undefined)?.remove();
  });

  const csv = async (name: string, namespace: string) =>
    (await project.read(olmApi, "ClusterServiceVersion", name, namespace)) as { status?: { phase?: string } } | undefined;
  const gone = async (name: string, namespace: string) =>
    olm.until(`the deletion of ${name} in ${namespace}`, async () => ((await csv(name, namespace)) === undefined ? true : undefined));

  it("has no version, Subscription and OperatorGroup any more when the operator has moved", async () => {
    await project.up();
    project.configure({ operators: [entry("demo", "two")] });
    await project.up();
    expect((await csv("demo.v1.0.0", "two"))?.status?.phase).toBe("Succeeded");
    await gone("demo.v1.0.0", "one");
    expect(await project.read(olmApi, "Subscription", "demo", "one")).toBeUndefined();
    expect(await project.read(groupApi, "OperatorGroup", "one", "one")).toBeUndefined();
    expect(await project.read("v1", "Namespace", "one")).toBeDefined();
    expect(await project.preview()).toEqual([]);
  });

  it("keeps its OperatorGroup when another operator replaces the operator", async () => {
    project.configure({ operators: [entry("other", "two")] });
    await project.up();
    expect((await csv("other.v1.0.0", "two"))?.status?.phase).toBe("Succeeded");
    await gone("demo.v1.0.0", "two");
    expect(await project.read(groupApi, "OperatorGroup", "two", "two")).toBeDefined();
  });

  it("is not touched if somebody else has installed the operator there", async () => {
    await project.api.must("POST", "/api/v1/namespaces", { metadata: { name: "three" } });
    const spec = { name: "demo", channel: "stable", source: "team", sourceNamespace: "openshift-marketplace" };
    await project.seed(
      { apiVersion: groupApi, kind: "OperatorGroup", metadata: { name: "three-x7k2p", namespace: "three" }, spec: {} },
      { apiVersion: olmApi, kind: "Subscription", metadata: { name: "demo", namespace: "three" }, spec },
    );
    project.configure({ operators: [entry("other", "two"), entry("demo", "three")] });
    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { code, output } = await project.pulumi(...command);
      expect(code).not.toBe(0);
      const text = output.replaceAll(/\s+/g, " ");
      expect(text).toContain("the namespace three has the Subscription demo, which this stack has not created");
    }
    expect(await project.read(groupApi, "OperatorGroup", "three", "three")).toBeUndefined();
    expect(await project.read(olmApi, "Subscription", "demo", "three")).toMatchObject({ spec });
  });
});
