/** The resources that the program declares in the cluster for infra nodes. program.ts lists the facts that this kind of test cannot prove. */
import { devStack } from "./configurations";
import { Program } from "./program";

const role = "node-role.kubernetes.io/infra";
const tolerations = [{ key: role, operator: "Exists", effect: "NoSchedule" }];
const marked = (program: Program) => program.all("command:local:Command").filter(({ name }) => name.startsWith("infra-nodes-"));
const patches = (program: Program, kind: string) =>
  program.all(`kubernetes:${kind}Patch`).filter(({ name }) => name.startsWith("infra-nodes-"));
const registry = "imageregistry.operator.openshift.io/v1:Config";
const router = "operator.openshift.io/v1:IngressController";

test("infra nodes get a label and a taint, and the platform's own workloads move to them afterwards", async () => {
  const program = await Program.run(devStack({ infraCount: 2, routerShards: [] }));
  const marks = marked(program);
  const wanted = (action: string, key: string) => ({
    action,
    node: `node-of-${key}`,
    machine: `${key}-id`,
    labels: { [role]: "" },
    taints: [{ key: role, effect: "NoSchedule" }],
  });
  expect(
    marks.map(({ name, inputs }) => [name, ...[inputs.create, inputs.delete].map((text) => JSON.parse(text as string) as object)]),
  ).toEqual(["infra-0", "infra-1"].map((key, number) => [`infra-nodes-${number}`, wanted("set", key), wanted("remove", key)]));
  const moved = [
    program.one(`kubernetes:${router}Patch`, "router-shards-default"),
    program.one(`kubernetes:${registry}Patch`, "infra-nodes-image-registry"),
    program.one("kubernetes:operator.openshift.io/v1:DNSPatch", "infra-nodes-dns"),
  ];
  expect(moved.map((patch) => marks.filter((mark) => !program.isAfter(patch, mark)))).toEqual([[], [], []]);
  expect(moved.map(({ inputs }) => inputs.spec)).toEqual([
    { nodePlacement: { nodeSelector: { matchLabels: { [role]: "" } }, tolerations } },
    { nodeSelector: { [role]: "" }, tolerations },
    {
      nodePlacement: {
        tolerations: [
          { key: "node-role.kubernetes.io/master", operator: "Exists" },
          { key: role, operator: "Exists" },
        ],
      },
    },
  ]);
});

test("the program does not move workloads that have more pods than there are infra nodes, nor workloads with a configured placement", async () => {
  const one = await Program.run(devStack({ infraCount: 1, routerShards: [] }));
  expect(marked(one)).toHaveLength(1);
  expect([patches(one, registry), one.all(`kubernetes:${router}Patch`)]).toEqual([[], []]);
  const keys = {
    infraCount: 3,
    routerShards: [],
    defaultRouterReplicas: 4,
    imageRegistryReplicas: 3,
    defaultRouterNodeSelector: { pool: "edge" },
  };
  const placed = await Program.run(devStack(keys));
  expect(patches(placed, registry)).toHaveLength(1);
  expect(placed.one(`kubernetes:${router}Patch`, "router-shards-default").inputs.spec).toEqual({
    replicas: 4,
    nodePlacement: { nodeSelector: { matchLabels: { pool: "edge" } } },
  });
});

test.each([
  ["is removed", { imageRegistryState: "Removed" }],
  [
    "is disabled by its capability",
    { baselineCapabilitySet: "None", additionalEnabledCapabilities: ["CloudCredential", "CloudControllerManager", "Ingress"] },
  ],
])("the program does not move a registry that %s", async (_, keys) => {
  const program = await Program.run(devStack({ infraCount: 2, ...keys }));
  expect(patches(program, registry)).toEqual([]);
  expect(marked(program)).toHaveLength(2);
});

test("the program declares nothing without infra nodes", async () => {
  const program = await Program.run(devStack());
  expect(program.resources.filter(({ name }) => name.startsWith("infra-nodes"))).toEqual([]);
});
