import { problemKeys, problemsOf, withKeys } from "../fixture";
import { type RefusedConfiguration, testRefusals } from "../refusals";

const RULE = { apiGroups: [""], resources: ["pods"], verbs: ["get"] };
const role = (rule: object, more: object = {}) => ({ roles: [{ name: "own", rules: [{ ...RULE, ...rule }], ...more }] });
const binding = (more: object) => ({ name: "b", role: "view", groups: ["developers"], ...more });
const grant = (account: string) => ({ sccGrants: [{ scc: "anyuid", serviceAccounts: [account] }] });
const ldap = (groups: readonly string[], more: object = {}) => [
  {
    type: "LDAP",
    name: "directory",
    url: "ldaps://ldap.example.com/ou=users,dc=example,dc=com?uid",
    groupSync: {
      schedule: "0 * * * *",
      usersBaseDN: "ou=users,dc=example,dc=com",
      groupsBaseDN: "ou=groups,dc=example,dc=com",
      groups,
      ...more,
    },
  },
];
const developers = [{ name: "developers", users: ["anna"] }];

/** Configurations with one mistake each, and the keys that the error names. */
const REFUSED: readonly RefusedConfiguration[] = [
  ["a group of OpenShift's own", { groups: [{ name: "system:masters" }] }, ["groups"]],
  ["a group's name with a slash", { groups: [{ name: "a/b" }] }, ["groups"]],
  ["a group twice", { groups: [...developers, ...developers] }, ["groups"]],
  ["a member twice", { groups: [{ name: "a", users: ["anna", "anna"] }] }, ["groups"]],
  ["a member with a provider's name in front", { groups: [{ name: "a", users: ["ldap:anna"] }] }, ["groups"]],
  ["a group that LDAP writes", { groups: developers, identityProviders: ldap(["CN=developers,ou=groups,dc=example,dc=com"]) }, ["groups"]],
  ["a role with the name of a cluster role of OpenShift", role({}, { name: "edit" }), ["roles"]],
  ["a role with capitals", role({}, { name: "PodReader" }), ["roles"]],
  ["a role in a namespace that belongs to OpenShift", role({}, { namespace: "openshift-monitoring" }), ["roles"]],
  ["a role in kube-system", role({}, { namespace: "kube-system" }), ["roles"]],
  ["a role without rules", { roles: [{ name: "own", rules: [] }] }, ["roles"]],
  ["a rule without verbs", role({ verbs: [] }), ["roles"]],
  ["a rule without resources", role({ resources: [] }), ["roles"]],
  ["a rule without API groups", role({ apiGroups: [] }), ["roles"]],
  ["a rule with both resources and paths", role({ nonResourceURLs: ["/metrics"] }), ["roles"]],
  [
    "a path in a namespace",
    { roles: [{ name: "own", namespace: "shop", rules: [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }] }] },
    ["roles"],
  ],
  ["a path with a star in the middle", { roles: [{ name: "own", rules: [{ nonResourceURLs: ["/a*b"], verbs: ["get"] }] }] }, ["roles"]],
  ["an API group with its version", role({ apiGroups: ["apps/v1"] }), ["roles"]],
  ["a version as API group", role({ apiGroups: ["v1"] }), ["roles"]],
  ["a kind as resource", role({ resources: ["Pod"] }), ["roles"]],
  ["a verb with capitals", role({ verbs: ["GET"] }), ["roles"]],
  ["a field that a rule does not have", role({ resource: ["pods"] }), ["roles"]],
  ["a binding twice", { roleBindings: [binding({}), binding({ name: "c" })] }, ["roleBindings"]],
  ["a binding with the name of a binding of the cluster", { roleBindings: [binding({ name: "self-provisioners" })] }, ["roleBindings"]],
  [
    "the role edit in a namespace that belongs to OpenShift",
    { roleBindings: [binding({ role: "edit", namespace: "openshift-config" })] },
    ["roleBindings"],
  ],
  ["a service account without its namespace", { roleBindings: [binding({ serviceAccounts: ["pipeline"] })] }, ["roleBindings"]],
  ["a service account's user", { roleBindings: [binding({ serviceAccounts: ["system:serviceaccount:shop:pipeline"] })] }, ["roleBindings"]],
  ["a role binding without a subject", { roleBindings: [binding({ groups: [] })] }, ["roleBindings"]],
  ["a subject without a kind", { roleBindings: [binding({ subjects: [{ name: "anna" }] })] }, ["roleBindings"]],
  ["a grant to nobody", { sccGrants: [{ scc: "anyuid" }] }, ["sccGrants"]],
  ["constraints twice", { sccGrants: [...grant("shop/a").sccGrants, ...grant("shop/b").sccGrants] }, ["sccGrants"]],
  ["a grant to a service account that belongs to OpenShift", grant("openshift-monitoring/prometheus-k8s"), ["sccGrants"]],
  ["a grant in a namespace where constraints have no effect", grant("default/legacy"), ["sccGrants"]],
  ["a grant to all authenticated users", grant("system:authenticated"), ["sccGrants"]],
  ["a request message of 501 characters", { projectRequestMessage: "a".repeat(501) }, ["projectRequestMessage"]],
  ["a quota in bytes with the unit B", { projectQuota: { "requests.memory": "16GB" } }, ["projectQuota"]],
  ["a quota below zero", { projectQuota: { pods: "-1" } }, ["projectQuota"]],
  ["half a pod", { projectQuota: { pods: "500m" } }, ["projectQuota"]],
  ["a quota of a resource with a misspelt name", { projectQuota: { "request.cpu": "4" } }, ["projectQuota"]],
  ["a limit that is not a number", { projectLimits: [{ resource: "memory", max: "much" }] }, ["projectLimits"]],
  ["a limit without a value", { projectLimits: [{ resource: "memory" }] }, ["projectLimits"]],
  ["a limit of storage", { projectLimits: [{ resource: "storage", max: "1Gi" }] }, ["projectLimits"]],
  ["a default above the maximum", { projectLimits: [{ resource: "memory", default: "2Gi", max: "1500Mi" }] }, ["projectLimits"]],
  ["a request above its limit", { projectLimits: [{ resource: "cpu", defaultRequest: "1", default: "900m" }] }, ["projectLimits"]],
  ["a priority class that belongs to Kubernetes", { priorityClasses: [{ name: "system-mine", value: 1 }] }, ["priorityClasses"]],
  ["a priority class that belongs to OpenShift", { priorityClasses: [{ name: "openshift-user-critical", value: 1 }] }, ["priorityClasses"]],
  ["a value that is too large", { priorityClasses: [{ name: "a", value: 1_000_000_001 }] }, ["priorityClasses"]],
  ["a class without a value", { priorityClasses: [{ name: "a" }] }, ["priorityClasses"]],
  [
    "two default classes",
    {
      priorityClasses: [
        { name: "a", value: 1, globalDefault: true },
        { name: "b", value: 2, globalDefault: true },
      ],
    },
    ["priorityClasses"],
  ],
];

testRefusals(REFUSED);

test.each<[string, Readonly<Record<string, unknown>>]>([
  [
    "a group whose name is only a part of another group's DN",
    { groups: developers, identityProviders: ldap(["cn=testers,ou=developers,dc=example,dc=com"]) },
  ],
  [
    "a group whose name is in another attribute of LDAP",
    { groups: developers, identityProviders: ldap(["cn=developers,dc=example"], { groupNameAttributes: ["ou"] }) },
  ],
  ["a group without members", { groups: [{ name: "a" }] }],
  ["the role view in a namespace that belongs to OpenShift", { roleBindings: [binding({ namespace: "openshift-monitoring" })] }],
  ["the same role in two namespaces", { roleBindings: [binding({ namespace: "a" }), binding({ name: "c", namespace: "b" })] }],
  ["a role for everything", { roles: [{ name: "all", rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] }] }],
  ["a quota of a storage class", { projectQuota: { "fast.storageclass.storage.k8s.io/requests.storage": "100Gi" } }],
  ["a quota in whole thousands", { projectQuota: { "count/secrets": "1k" } }],
])("a configuration of access control is accepted with %s", (_, keys) => {
  expect(problemKeys(keys)).toEqual([]);
});

test("a duplicate role binding is reported with both bindings and their subject", () => {
  const keys = { roleBindings: [binding({ namespace: "shop" }), binding({ name: "c", namespace: "shop", users: ["anna"] })] };
  const [problem] = problemsOf(withKeys(keys));
  expect(problem).toMatchObject({
    wrong: "items 1 (b) and 2 (c) both grant view in shop to the group developers",
    fix: "remove the group developers from one of the two items",
  });
});

test("the error of a misspelled quantity suggests the right one", () => {
  const [problem] = problemsOf(withKeys({ projectQuota: { "requests.memory": "16GB" } }));
  expect(problem).toMatchObject({ wrong: 'entry "requests.memory" is "16GB", which is not a quantity', fix: "write 16Gi" });
});
