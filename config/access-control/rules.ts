import type { KeyProblem } from "../problem";
import { parseQuantity } from "./quantity";
import { rule } from "../rule";
import type { Settings } from "../schema";
import { isPlatformNamespace } from "./fields";

type PolicyRule = Settings["roles"][number]["rules"][number];

/**
 * The problems of a role's rules, which must combine their fields as Kubernetes allows it (kubernetes/kubernetes, `pkg/apis/rbac/validation`:
 * ValidatePolicyRule).
 *
 * @param list name of the field with the rules
 */
export function policyRuleProblems(
  rules: readonly PolicyRule[],
  list: string,
  { isNamespaced = false } = {},
): Pick<KeyProblem, "wrong" | "fix">[] {
  return rules.flatMap(({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }, index) => {
    const problem = (wrong: string, fix: string) => [{ wrong: `${list}[${index + 1}] ${wrong}`, fix }];
    if (verbs.length === 0) return problem("has no verbs, so it allows nothing", "add verbs");
    if (nonResourceURLs.length > 0) {
      if (isNamespaced) return problem("has nonResourceURLs, which only a cluster role can have", "remove the role's namespace");
      if (apiGroups.length + resources.length + resourceNames.length > 0)
        return problem("has both resources and nonResourceURLs", "split it into two rules");
      return [];
    }
    if (resources.length === 0) return problem("has neither resources nor nonResourceURLs", "add resources");
    if (apiGroups.length === 0)
      return problem(`has resources (${resources.join(", ")}), but no apiGroups`, 'add apiGroups; for pods and services the group is ""');
    return [];
  });
}

export const roleRulesAreComplete = rule(["roles"], ({ roles }): KeyProblem[] =>
  roles.flatMap(({ name, namespace, rules }, item) =>
    policyRuleProblems(rules, "rules", { isNamespaced: namespace !== undefined }).map((problem): KeyProblem => ({
      ...problem,
      key: "roles",
      wrong: `item ${item + 1} (${name}): ${problem.wrong}`,
    })),
  ),
);

export const grantsNameSomebody = rule(["sccGrants"], ({ sccGrants }): KeyProblem[] =>
  sccGrants.flatMap(({ scc, serviceAccounts }, index): KeyProblem[] =>
    serviceAccounts.length > 0
      ? []
      : [{ key: "sccGrants", wrong: `item ${index + 1} (${scc}) names no service account`, fix: "add one, or remove the item" }],
  ),
);

/** Refuses two bindings that grant the same role to the same subject. If the user removed one of them, the other would still grant the role. */
export const bindingsAreUnique = rule(["roleBindings"], ({ roleBindings }): KeyProblem[] => {
  const given = new Map<string, number>();
  return roleBindings.flatMap(({ name, role, roleKind, namespace, users, groups, serviceAccounts }, index): KeyProblem[] => {
    const subjects = [
      ...users.map((user) => `user ${user}`),
      ...groups.map((group) => `group ${group}`),
      ...serviceAccounts.map((account) => `service account ${account}`),
    ];
    return subjects.flatMap((subject): KeyProblem[] => {
      const what = JSON.stringify([roleKind, role, namespace, subject]);
      const first = given.get(what) ?? index;
      given.set(what, first);
      if (first === index) return [];
      const place = namespace === undefined ? "in all namespaces" : `in ${namespace}`;
      return [
        {
          key: "roleBindings",
          wrong: `items ${first + 1} (${roleBindings[first].name}) and ${index + 1} (${name}) both grant ${role} ${place} to the ${subject}`,
          fix: `remove the ${subject} from one of the two items`,
        },
      ];
    });
  });
});

/** Roles for tenants; in a namespace of the platform they allow changes to the platform itself. */
const TENANTS_ROLES = ["admin", "edit"];

/** Built-in bindings of the cluster (openshift/openshift-apiserver, `pkg/bootstrappolicy/constants.go`). */
const BUILT_IN_BINDINGS = [
  ...["self-access-reviewers", "self-provisioners", "cluster-admins", "cluster-readers", "basic-users", "cluster-status-binding"],
  ...["cluster-admin", "shared-resource-viewers"],
];

export const bindingsDoNotReplaceBuiltInBindings = rule(["roleBindings"], ({ roleBindings }): KeyProblem[] =>
  roleBindings.flatMap(({ name, role, roleKind, namespace }, index): KeyProblem[] => {
    const item = `item ${index + 1} (${name})`;
    if (namespace === undefined && BUILT_IN_BINDINGS.includes(name))
      return [{ key: "roleBindings", wrong: `${item} has the name of a built-in binding of the cluster`, fix: "give it another name" }];
    if (namespace !== undefined && roleKind === "ClusterRole" && TENANTS_ROLES.includes(role) && isPlatformNamespace(namespace))
      return [
        {
          key: "roleBindings",
          wrong: `${item} grants ${role} in ${namespace}, a namespace of the platform, where this role amounts to cluster-admin`,
          allowed: `${TENANTS_ROLES.join(" and ")} in projects; in openshift, openshift-* and kube-* only view or your own role`,
          fix: "use a project, or add the users to clusterAdmins",
        },
      ];
    return [];
  }),
);

/** Refuses a group that is also synchronized from LDAP: the synchronization and `pulumi up` would overwrite each other's list of members. */
export const groupsHaveOneWriter = rule(["groups", "identityProviders"], ({ groups, identityProviders }): KeyProblem[] =>
  identityProviders.flatMap((provider) => {
    if (provider.type !== "LDAP" || provider.groupSync === undefined) return [];
    const { schema, groups: synchronized, groupNameAttributes } = provider.groupSync;
    const names = synchronized.map((group) => (schema === "activeDirectory" ? group : nameIn(group, groupNameAttributes[0])));
    return groups.flatMap(({ name }, index): KeyProblem[] =>
      names.includes(name)
        ? [
            {
              key: "groups",
              wrong: `item ${index + 1} (${name}) is a group that the identity provider ${provider.name} synchronizes`,
              fix: "remove the item, and set the group's members in LDAP",
            },
          ]
        : [],
    );
  }),
);

/** The value of `attribute` in a DN that starts with this attribute (RFC 4514): developers for `cn=developers,ou=groups`; otherwise undefined. */
function nameIn(dn: string, attribute: string): string | undefined {
  const equals = dn.indexOf("=");
  if (dn.slice(0, equals).trim().toLowerCase() !== attribute.toLowerCase()) return undefined;
  const value = /^(?:\\.|[^,+\\])+/.exec(dn.slice(equals + 1));
  return value?.[0].trim().replaceAll(/\\(.)/g, "$1");
}

/**
 * Kubernetes would report limits in the wrong order only when a project is created (kubernetes/kubernetes, `pkg/apis/core/validation`:
 * ValidateLimitRange).
 */
export const limitsAreInOrder = rule(["projectLimits"], ({ projectLimits }): KeyProblem[] =>
  projectLimits.flatMap((limit, index): KeyProblem[] => {
    const item = `item ${index + 1} (${limit.resource})`;
    const given = (["min", "defaultRequest", "default", "max"] as const).flatMap((name) => {
      const quantity = limit[name];
      return quantity === undefined ? [] : [{ name, quantity, value: parseQuantity(quantity) ?? 0 }];
    });
    if (given.length === 0)
      return [{ key: "projectLimits", wrong: `${item} limits nothing`, fix: "add default or max, or remove the item" }];
    return given.slice(1).flatMap((next, before): KeyProblem[] => {
      const last = given[before];
      return last.value <= next.value
        ? []
        : [
            {
              key: "projectLimits",
              wrong: `${item} has a ${last.name} (${last.quantity}) above its ${next.name} (${next.quantity})`,
              allowed: "min ≤ defaultRequest ≤ default ≤ max",
              fix: `raise ${next.name} to ${last.quantity}`,
            },
          ];
    });
  }),
);

export const oneClassIsTheGlobalDefault = rule(["priorityClasses"], ({ priorityClasses }): KeyProblem[] => {
  const names = priorityClasses.filter(({ globalDefault }) => globalDefault).map(({ name }) => name);
  if (names.length < 2) return [];
  return [
    {
      key: "priorityClasses",
      wrong: `has ${names.length} classes with globalDefault: ${names.join(", ")}`,
      allowed: "at most one class with globalDefault",
      fix: "keep globalDefault: true for one of them",
    },
  ];
});
