import { parseConfiguration } from "../../../../config/parse";
import type { AccessControlConfiguration } from "../../../../config/access-control/settings";
import { parseQuantity } from "../../../../config/access-control/quantity";
import { groupObject } from "../../../../cluster-objects/access-control/groups";
import { priorityClass } from "../../../../cluster-objects/access-control/priority-classes";
import { PARAMETERS, projectRequestSettings, projectTemplate } from "../../../../cluster-objects/access-control/project-template";
import { roleObject } from "../../../../cluster-objects/access-control/roles";
import { sccGrant } from "../../../../cluster-objects/access-control/scc-grants";
import { bindings } from "../../../../cluster-objects/authentication/bindings";
import type { ApiObject } from "../../../../cluster-objects/object";
import { schemaProblems } from "../../../../cluster-objects/schema/check";
import { examplesOf } from "../../../facts/documented";
import { withKeys } from "../../config/fixture";

const configured = (keys: Readonly<Record<string, unknown>>) => parseConfiguration(withKeys(keys)).platform;

function objectsOf(settings: AccessControlConfiguration): ApiObject[] {
  const { groups, roles, sccGrants, projectTemplate: template, priorityClasses } = settings;
  const requests = projectRequestSettings(settings);
  const inTemplate = template ? (projectTemplate(template).objects as ApiObject[]).filter(({ kind }) => kind !== "Project") : [];
  return [
    ...groups.map(groupObject),
    ...roles.map(roleObject),
    ...sccGrants.flatMap(sccGrant),
    ...(requests ? [requests] : []),
    ...inTemplate,
    ...priorityClasses.map(priorityClass),
  ];
}

const examples = examplesOf("access.md");

test("docs/access.md has an example of each topic", () => {
  expect(examples.map(({ heading }) => heading)).toEqual(["Groups and roles", "Security context constraints", "Projects", "Priorities"]);
});

test.each(examples.map(({ heading, keys }) => [heading, keys] as const))(
  `the example of docs/access.md, "%s", gives objects that match their definitions`,
  (_, keys) => {
    const { accessControl, authentication } = configured(keys);
    const objects = [...objectsOf(accessControl), ...bindings(authentication)];
    expect(objects.length).toBeGreaterThan(0);
    expect(objects.flatMap((object) => schemaProblems(object))).toEqual([]);
  },
);

test("an empty configuration gives no objects", () => {
  expect(objectsOf(configured({}).accessControl)).toEqual([]);
});

describe("security context constraints", () => {
  test("are granted by OpenShift's own ClusterRole, with one RoleBinding in each namespace", () => {
    expect(sccGrant({ scc: "anyuid", serviceAccounts: ["shop/a", "batch/b", "shop/c"] })).toEqual([
      binding("okd-aws-scc-anyuid", "shop", "system:openshift:scc:anyuid", ["a", "c"]),
      binding("okd-aws-scc-anyuid", "batch", "system:openshift:scc:anyuid", ["b"]),
    ]);
  });

  test("that the user made are granted by a ClusterRole of this program", () => {
    const [own, bound] = sccGrant({ scc: "own", serviceAccounts: ["shop/a"] });
    expect(own).toMatchObject({ kind: "ClusterRole", metadata: { name: "okd-aws-scc-own" } });
    expect(own.rules).toEqual([
      { apiGroups: ["security.openshift.io"], resources: ["securitycontextconstraints"], resourceNames: ["own"], verbs: ["use"] },
    ]);
    expect(bound).toEqual(binding("okd-aws-scc-own", "shop", "okd-aws-scc-own", ["a"]));
  });

  function binding(name: string, namespace: string, clusterRole: string, accounts: readonly string[]): object {
    return {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name, namespace },
      subjects: accounts.map((account) => ({ kind: "ServiceAccount", name: account, namespace })),
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: clusterRole },
    };
  }
});

describe("a new project", () => {
  const objects = (keys: Readonly<Record<string, unknown>>) => {
    const { projectTemplate: template } = configured(keys).accessControl;
    if (template === undefined) throw new Error("no template");
    return projectTemplate(template).objects as ApiObject[];
  };

  test("gives its requester a role binding, and uses exactly the parameters that a project request fills in", () => {
    const text = JSON.stringify(objects({ projectNetworkIsolation: true, projectQuota: { pods: "5" } }));
    const used = [...new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name))];
    expect(used.sort()).toEqual([...PARAMETERS].sort());
    expect(objects({ projectQuota: { pods: "5" } }).map(({ kind }) => kind)).toEqual(["Project", "RoleBinding", "ResourceQuota"]);
  });

  test("limits containers by the configured fields", () => {
    const limits = [
      { resource: "cpu", defaultRequest: "100m" },
      { resource: "memory", defaultRequest: "256Mi", max: "8Gi" },
    ];
    const range = objects({ projectLimits: limits }).find(({ kind }) => kind === "LimitRange");
    expect(range?.spec).toEqual({
      limits: [{ type: "Container", defaultRequest: { cpu: "100m", memory: "256Mi" }, max: { memory: "8Gi" } }],
    });
  });

  test("that is isolated denies all ingress except from the five allowed kinds of sources", () => {
    const policies = objects({ projectNetworkIsolation: true }).filter(({ kind }) => kind === "NetworkPolicy");
    const specs = policies.map(({ metadata, spec }) => [metadata.name, spec] as const) as [string, { ingress?: { from: object[] }[] }][];
    expect(specs.filter(([, { ingress }]) => ingress === undefined).map(([name]) => name)).toEqual(["deny-by-default"]);
    expect(specs.flatMap(([, { ingress }]) => ingress ?? []).flatMap(({ from }) => from)).toEqual([
      { podSelector: {} },
      { namespaceSelector: { matchLabels: { "policy-group.network.openshift.io/ingress": "" } } },
      { namespaceSelector: { matchLabels: { "policy-group.network.openshift.io/host-network": "" } } },
      { namespaceSelector: { matchLabels: { "network.openshift.io/policy-group": "monitoring" } } },
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "openshift-kube-apiserver-operator" } },
        podSelector: { matchLabels: { app: "kube-apiserver-operator" } },
      },
    ]);
    for (const [, spec] of specs) expect(spec).toMatchObject({ podSelector: {}, policyTypes: ["Ingress"] });
  });
});

test("a role binding for a service account names its namespace and its name separately", () => {
  const [made] = bindings(configured({ roleBindings: [{ name: "b", role: "view", serviceAccounts: ["shop/pipeline"] }] }).authentication);
  expect(made).toMatchObject({ kind: "ClusterRoleBinding", subjects: [{ kind: "ServiceAccount", namespace: "shop", name: "pipeline" }] });
});

test.each<[string, number | undefined]>([
  ["500m", 0.5],
  ["2", 2],
  [".5", 0.5],
  ["1.5Gi", 1.5 * 2 ** 30],
  ["20G", 20e9],
  ["1e3", 1000],
  ["+1k", 1000],
  ["2E", 2e18],
  ["", undefined],
  ["-1", undefined],
  ["4GB", undefined],
  ["1 Gi", undefined],
  ["0x10", undefined],
  ["1K", undefined],
  ["1e3Gi", undefined],
])("the quantity %p is parsed as %p", (text, number) => {
  expect(parseQuantity(text)).toBe(number);
});
