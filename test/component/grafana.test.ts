/** The resources that the program declares for Grafana. program.ts lists the facts that this kind of test cannot prove. */
import { devStack } from "./configurations";
import { Program } from "./program";

const operators = [
  {
    name: "grafana-operator",
    namespace: "grafana-operator",
    source: "community-operators",
    channel: "v5",
    startingCSV: "grafana-operator.v5.22.2",
    targetNamespaces: ["grafana-operator"],
  },
];
const own = (program: Program) => program.resources.filter(({ urn }) => urn.includes("okd:cluster:Grafana"));
const grafana = (kind: string) => `kubernetes:grafana.integreatly.org/v1beta1:${kind}`;

test("a stack without Grafana declares nothing for it", async () => {
  expect(own(await Program.run(devStack({ operators })))).toEqual([]);
});

describe("with Grafana on infra nodes", () => {
  let program: Program;
  beforeAll(async () => {
    program = await Program.run(
      devStack({ operators, grafana: true, grafanaAdminGroups: ["admins"], grafanaOnInfraNodes: true, infraCount: 1 }),
    );
  });

  test("all objects come after the operator, and Grafana after its login token and the role of the infra nodes", () => {
    const ready = program.one("command:local:Command", "operator-grafana-operator-ready");
    const instance = program.one(grafana("Grafana"), "grafana-instance");
    const objects = own(program).filter(({ type, urn }) => type.startsWith("kubernetes:") && !urn.includes("metrics-binding"));
    expect(objects.length).toBeGreaterThan(10);
    expect(objects.filter((each) => !program.isAfter(each, ready)).map(({ urn }) => urn)).toEqual([]);
    expect(program.isAfter(instance, program.one("kubernetes:core/v1:Secret", "grafana-login-token"))).toBe(true);
    expect(program.isAfter(instance, program.one("command:local:Command", "infra-nodes-0"))).toBe(true);
  });

  test("a token's Secret comes after its service account, because Kubernetes deletes such a Secret without an account", () => {
    for (const name of ["login", "metrics"]) {
      const token = program.one("kubernetes:core/v1:Secret", `grafana-${name}-token`);
      expect(program.isAfter(token, program.one("kubernetes:core/v1:ServiceAccount", `grafana-${name}`))).toBe(true);
      expect(token.inputs.type).toBe("kubernetes.io/service-account-token");
      expect(token.inputs).not.toHaveProperty("data");
    }
  });

  test("the dashboards come after Grafana, the datasource and the folder, and are deleted before them", () => {
    const before = [
      program.one(grafana("Grafana"), "grafana-instance"),
      program.one(grafana("GrafanaDatasource"), "grafana-datasource"),
      program.one(grafana("GrafanaFolder"), "grafana-folder"),
    ];
    const dashboards = program.all(grafana("GrafanaDashboard"));
    expect(dashboards).toHaveLength(4);
    for (const dashboard of dashboards) expect(before.map((each) => program.isAfter(dashboard, each))).toEqual([true, true, true]);
  });

  test("the dashboards come after the wait for Grafana's rollout, and the wait runs again with each change", () => {
    const rollout = program.one("command:local:Command", "grafana-rollout");
    expect(program.isAfter(rollout, program.one(grafana("Grafana"), "grafana-instance"))).toBe(true);
    expect(program.all(grafana("GrafanaDashboard")).filter((each) => !program.isAfter(each, rollout))).toEqual([]);
    expect(rollout.inputs.triggers).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  test("the pod runs on the infra nodes", () => {
    const { spec } = program.one(grafana("Grafana"), "grafana-instance").inputs as unknown as {
      spec: { deployment: { spec: { template: { spec: { nodeSelector: object; tolerations: object[] } } } } };
    };
    const pod = spec.deployment.spec.template.spec;
    expect(pod.nodeSelector).toEqual({ "node-role.kubernetes.io/infra": "" });
    expect(pod.tolerations).toEqual([{ key: "node-role.kubernetes.io/infra", effect: "NoSchedule", operator: "Exists" }]);
  });
});
