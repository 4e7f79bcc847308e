import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "@okd-aws/sandbox";
import type { ApiObject } from "../../cluster-objects/object";
import { PlatformProject } from "./platform-project";
import { describeWithTools } from "./requirements";

const program = `
  import { AccessControl } from "./components/cluster/access-control";
  import { bindings } from "./cluster-objects/authentication/bindings";
  new AccessControl("access", { api, settings: platform.accessControl });
  for (const binding of bindings(platform.authentication)) api.object("binding-" + binding.metadata.name, binding, {});
`;

const rbac = "rbac.authorization.k8s.io/v1";
const everybody = { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:authenticated:oauth" };
const autoUpdate = "rbac.authorization.kubernetes.io/autoupdate";

/** Objects that exist in an installed cluster before the stack configures it; the API servers and operators created them. */
const CLUSTER: readonly ApiObject[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "batch" } },
  { apiVersion: "config.openshift.io/v1", kind: "Project", metadata: { name: "cluster" }, spec: {} },
  {
    apiVersion: rbac,
    kind: "ClusterRoleBinding",
    metadata: { name: "self-provisioners", annotations: { [autoUpdate]: "true" } },
    subjects: [everybody],
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "self-provisioner" },
  },
];

const OPTIONS = {
  groups: [
    { name: "developers", users: ["anna", "ben"] },
    { name: "testers", users: [] },
  ],
  roles: [
    { name: "pod-reader", rules: [{ apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list", "watch"] }] },
    { name: "metrics-reader", rules: [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }] },
    {
      name: "deployer",
      namespace: "shop",
      rules: [{ apiGroups: ["apps"], resources: ["deployments"], resourceNames: ["web"], verbs: ["patch"] }],
    },
  ],
  roleBindings: [{ name: "shop-deployer", role: "deployer", roleKind: "Role", namespace: "shop", serviceAccounts: ["shop/pipeline"] }],
  sccGrants: [
    { scc: "anyuid", serviceAccounts: ["shop/legacy", "batch/runner", "shop/older"] },
    { scc: "own-constraints", serviceAccounts: ["shop/legacy"] },
  ],
  selfProvisioners: false,
  projectRequestMessage: "Ask platform@example.com for a project.",
  projectQuota: { "requests.cpu": "4", "limits.memory": "32Gi", pods: "50", "count/deployments.apps": "20" },
  projectLimits: [
    { resource: "cpu", defaultRequest: "100m", max: "2" },
    { resource: "memory", min: "16Mi", defaultRequest: "256Mi", default: "512Mi", max: "8Gi" },
  ],
  projectNetworkIsolation: true,
  priorityClasses: [
    { name: "usual", value: 1000, globalDefault: true },
    { name: "batch", value: -100, preemptionPolicy: "Never", description: "Whatever can wait" },
  ],
};

const selfProvisioners = [rbac, "ClusterRoleBinding", "self-provisioners"] as const;
const project = ["config.openshift.io/v1", "Project", "cluster"] as const;

/** The objects of a template, with the parameters that a project request fills in. */
function requested(template: object, name: string): ApiObject[] {
  const values: Record<string, string> = { PROJECT_NAME: name, PROJECT_ADMIN_USER: "anna", PROJECT_REQUESTING_USER: "anna" };
  const { objects } = template as { objects: ApiObject[] };
  return JSON.parse(JSON.stringify(objects).replaceAll(/\$\{(\w+)\}/g, (_, parameter: string) => values[parameter] ?? "")) as ApiObject[];
}

describeWithTools("access control on a real API server", () => {
  let stack: PlatformProject;

  beforeAll(async () => {
    stack = await PlatformProject.make(program, OPTIONS);
    await stack.seed(...CLUSTER);
  });

  afterAll(async () => {
    await (stack as PlatformProject | undefined)?.remove();
  });

  const changes = async () =>
    (await stack.preview()).map(({ op, name, fields }) => [op, name.replace("access-", ""), ...fields].join(" ")).sort();
  const names = async (path: string) =>
    ((await stack.api.must("GET", path)) as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);

  it("creates every object once; a second preview finds no change", async () => {
    const { output } = await stack.up();
    expect(output).not.toContain("unknown field");
    expect(await stack.read("user.openshift.io/v1", "Group", "developers")).toHaveProperty("users", ["anna", "ben"]);
    expect(await stack.read(rbac, "Role", "deployer", "shop")).toHaveProperty("rules", OPTIONS.roles[2].rules);
    expect(await stack.read(rbac, "RoleBinding", "shop-deployer", "shop")).toHaveProperty("subjects", [
      { kind: "ServiceAccount", name: "pipeline", namespace: "shop" },
    ]);
    expect(await stack.read(rbac, "RoleBinding", "okd-aws-scc-anyuid", "shop")).toMatchObject({
      roleRef: { kind: "ClusterRole", name: "system:openshift:scc:anyuid" },
      subjects: [{ name: "legacy" }, { name: "older" }],
    });
    expect(await stack.read(rbac, "RoleBinding", "okd-aws-scc-anyuid", "batch")).toHaveProperty("subjects.length", 1);
    expect(await stack.read(rbac, "RoleBinding", "okd-aws-scc-own-constraints", "shop")).toHaveProperty(
      "roleRef.name",
      "okd-aws-scc-own-constraints",
    );
    expect(await stack.read("scheduling.k8s.io/v1", "PriorityClass", "usual")).toMatchObject({ value: 1000, globalDefault: true });
    const binding = await stack.read(...selfProvisioners);
    expect(binding?.subjects ?? []).toEqual([]);
    expect(binding?.metadata.annotations).toEqual({ [autoUpdate]: "false" });
    expect((await stack.read(...project))?.spec).toEqual({
      projectRequestMessage: "Ask platform@example.com for a project.",
      projectRequestTemplate: { name: "okd-aws-project-request" },
    });
    expect(await changes()).toEqual([]);
  });

  it("creates a template whose objects the API server accepts", async () => {
    const template = await stack.read("template.openshift.io/v1", "Template", "okd-aws-project-request", "openshift-config");
    const [asked, ...rest] = requested(template as object, "tenant");
    expect(asked).toMatchObject({ kind: "Project", metadata: { name: "tenant", annotations: { "openshift.io/requester": "anna" } } });
    await stack.seed({ apiVersion: "v1", kind: "Namespace", metadata: { name: "tenant" } }, ...rest);
    expect(await stack.read(rbac, "RoleBinding", "admin", "tenant")).toMatchObject({ subjects: [{ kind: "User", name: "anna" }] });
    expect(await stack.read("v1", "ResourceQuota", "project-quota", "tenant")).toHaveProperty("spec.hard", OPTIONS.projectQuota);
    expect(await stack.read("v1", "LimitRange", "project-limits", "tenant")).toHaveProperty("spec.limits.0.default.memory", "512Mi");
    expect(await names("/apis/networking.k8s.io/v1/namespaces/tenant/networkpolicies")).toHaveLength(5);
  });

  it("updates changed objects, and replaces objects that the API server does not let anyone change", async () => {
    stack.configure({
      ...OPTIONS,
      groups: [{ name: "developers", users: ["anna"] }],
      roles: [{ ...OPTIONS.roles[0], rules: [{ ...OPTIONS.roles[0].rules[0], verbs: ["get"] }] }, ...OPTIONS.roles.slice(1)],
      sccGrants: [{ scc: "anyuid", serviceAccounts: ["shop/legacy", "shop/older"] }],
      projectQuota: { ...OPTIONS.projectQuota, pods: "60" },
      projectRequestMessage: "",
      priorityClasses: [
        { name: "usual", value: 1000 },
        { name: "batch", value: 2000, globalDefault: true, description: "Whatever can wait" },
      ],
    });
    expect(await changes()).toEqual([
      "delete batch.okd-aws-scc-anyuid",
      "delete group-testers",
      "delete okd-aws-scc-own-constraints",
      "delete shop.okd-aws-scc-own-constraints",
      "replace priority-batch globalDefault preemptionPolicy value",
      "update group-developers users[1]",
      "update priority-usual globalDefault",
      "update project-requests spec.projectRequestMessage",
      "update project-template objects[2].spec.hard.pods",
      "update role-pod-reader rules[0].verbs[1] rules[0].verbs[2]",
    ]);
    await stack.up();
    expect(await stack.read("scheduling.k8s.io/v1", "PriorityClass", "batch")).toMatchObject({ value: 2000, globalDefault: true });
    expect(await changes()).toEqual([]);
  });

  it("leaves the fields that docs/singletons.md lists when the keys are removed", async () => {
    stack.configure({});
    await stack.up();
    expect((await stack.read(...project))?.spec).toEqual({ projectRequestMessage: "" });
    const binding = await stack.read(...selfProvisioners);
    expect(binding?.subjects).toEqual([everybody]);
    expect(binding?.metadata.annotations).toEqual({ [autoUpdate]: "true" });
    expect(await stack.read("template.openshift.io/v1", "Template", "okd-aws-project-request", "openshift-config")).toBeUndefined();
    expect((await names("/apis/scheduling.k8s.io/v1/priorityclasses")).sort()).toEqual(["system-cluster-critical", "system-node-critical"]);
    expect(await changes()).toEqual([]);
    const table = readFileSync(join(projectDirectory, "docs/singletons.md"), "utf8");
    for (const row of [
      "`ClusterRoleBinding self-provisioners`, `subjects`",
      "`Project cluster`, `spec.projectRequestTemplate`",
      "`Project cluster`, `spec.projectRequestMessage`",
    ])
      expect(table).toContain(`| ${row} |`);
  });

  it("is destroyed as fast when the API is dead", async () => {
    stack.configure({ selfProvisioners: false, groups: OPTIONS.groups });
    await stack.up();
    await stack.killApi();
    expect((await stack.destroy()).seconds).toBeLessThan(20);
  });
});
