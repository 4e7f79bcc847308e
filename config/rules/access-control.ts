import type { Finding } from "../finding";
import { parseQuantity } from "../quantity";
import { rule } from "../rule";
import { isPlatformNamespace } from "./access-control-fields";

/** Kubernetes refuses the other forms (kubernetes/kubernetes, `pkg/apis/rbac/validation`: ValidatePolicyRule). */
export const roleRulesAreComplete = rule(["roles"], ({ roles }): Finding[] =>
  roles.flatMap(({ name, namespace, rules }, item) =>
    rules.flatMap(({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }, index): Finding[] => {
      const flaw = (wrong: string, fix: string): Finding[] => [
        { key: "roles", wrong: `item ${item + 1} (${name}): rules[${index + 1}] ${wrong}`, fix },
      ];
      if (verbs.length === 0) return flaw("has no verbs, so that it allows nothing", "name its verbs");
      if (nonResourceURLs.length > 0) {
        if (namespace !== undefined) return flaw("has nonResourceURLs, which are of no namespace", "take the role's namespace out");
        if (apiGroups.length + resources.length + resourceNames.length > 0)
          return flaw("has both resources and nonResourceURLs", "make two rules of it");
        return [];
      }
      if (resources.length === 0) return flaw("has neither resources nor nonResourceURLs", "name its resources");
      if (apiGroups.length === 0)
        return flaw(`has resources (${resources.join(", ")}), but no API group of them`, 'add apiGroups; that of pods and services is ""');
      return [];
    }),
  ),
);

export const grantsNameSomebody = rule(["sccGrants"], ({ sccGrants }): Finding[] =>
  sccGrants.flatMap(({ scc, serviceAccounts }, index): Finding[] =>
    serviceAccounts.length > 0
      ? []
      : [{ key: "sccGrants", wrong: `item ${index + 1} (${scc}) names no service account`, fix: "name one, or take it out" }],
  ),
);

/** Two bindings that say the same: with one of them taken out, the other still gives it. */
export const bindingsSayItOnce = rule(["roleBindings"], ({ roleBindings }): Finding[] => {
  const given = new Map<string, number>();
  return roleBindings.flatMap(({ name, role, roleKind, namespace, users, groups, serviceAccounts }, index): Finding[] => {
    const subjects = [
      ...users.map((user) => `user ${user}`),
      ...groups.map((group) => `group ${group}`),
      ...serviceAccounts.map((account) => `service account ${account}`),
    ];
    return subjects.flatMap((subject): Finding[] => {
      const what = JSON.stringify([roleKind, role, namespace, subject]);
      const first = given.get(what) ?? index;
      given.set(what, first);
      if (first === index) return [];
      const place = namespace === undefined ? "everywhere" : `in ${namespace}`;
      return [
        {
          key: "roleBindings",
          wrong: `items ${first + 1} (${roleBindings[first].name}) and ${index + 1} (${name}) both give ${role} ${place} to the ${subject}`,
          fix: `take the ${subject} out of one of them`,
        },
      ];
    });
  });
});

/** Roles that are for tenants; in a namespace of the platform they let somebody change the platform itself. */
const TENANTS_ROLES = ["admin", "edit"];

/** Bindings that the cluster has itself (openshift/openshift-apiserver, `pkg/bootstrappolicy/constants.go`). */
const CLUSTERS_BINDINGS = [
  ...["self-access-reviewers", "self-provisioners", "cluster-admins", "cluster-readers", "basic-users", "cluster-status-binding"],
  ...["cluster-admin", "shared-resource-viewers"],
];

export const bindingsLeaveThePlatformAlone = rule(["roleBindings"], ({ roleBindings }): Finding[] =>
  roleBindings.flatMap(({ name, role, roleKind, namespace }, index): Finding[] => {
    const item = `item ${index + 1} (${name})`;
    if (namespace === undefined && CLUSTERS_BINDINGS.includes(name))
      return [{ key: "roleBindings", wrong: `${item} has the name of a binding that the cluster has itself`, fix: "give it another name" }];
    if (namespace !== undefined && roleKind === "ClusterRole" && TENANTS_ROLES.includes(role) && isPlatformNamespace(namespace))
      return [
        {
          key: "roleBindings",
          wrong: `${item} gives ${role} in ${namespace}, a namespace of the platform, where it is as good as cluster-admin`,
          allowed: `${TENANTS_ROLES.join(" and ")} in projects; in openshift, openshift-* and kube-* view, or a role of your own`,
          fix: "name a project, or add who needs it to clusterAdmins",
        },
      ];
    return [];
  }),
);

/** A group of both would change its members with each synchronization and each update. */
export const groupsHaveOneWriter = rule(["groups", "identityProviders"], ({ groups, identityProviders }): Finding[] =>
  identityProviders.flatMap((provider) => {
    if (provider.type !== "LDAP" || provider.groupSync === undefined) return [];
    const { schema, groups: synchronized, groupNameAttributes } = provider.groupSync;
    const names = synchronized.map((group) => (schema === "activeDirectory" ? group : nameIn(group, groupNameAttributes[0])));
    return groups.flatMap(({ name }, index): Finding[] =>
      names.includes(name)
        ? [
            {
              key: "groups",
              wrong: `item ${index + 1} (${name}) is a group that ${provider.name} of identityProviders synchronizes`,
              fix: "take it out here, and name its members in LDAP",
            },
          ]
        : [],
    );
  }),
);

/** The name in a DN, where that begins with it (RFC 4514): `cn=developers,ou=groups` is called developers. */
function nameIn(dn: string, attribute: string): string | undefined {
  const equals = dn.indexOf("=");
  if (dn.slice(0, equals).trim().toLowerCase() !== attribute.toLowerCase()) return undefined;
  const value = /^(?:\\.|[^,+\\])+/.exec(dn.slice(equals + 1));
  return value?.[0].trim().replaceAll(/\\(.)/g, "$1");
}

/** Kubernetes says so only when a project is made (kubernetes/kubernetes, `pkg/apis/core/validation`: ValidateLimitRange). */
export const limitsAreInOrder = rule(["projectLimits"], ({ projectLimits }): Finding[] =>
  projectLimits.flatMap((limit, index): Finding[] => {
    const item = `item ${index + 1} (${limit.resource})`;
    const given = (["min", "defaultRequest", "default", "max"] as const).flatMap((name) => {
      const quantity = limit[name];
      return quantity === undefined ? [] : [{ name, quantity, value: parseQuantity(quantity) ?? 0 }];
    });
    if (given.length === 0)
      return [{ key: "projectLimits", wrong: `${item} limits nothing`, fix: "give it default or max, or take it out" }];
    return given.slice(1).flatMap((next, before): Finding[] => {
      const last = given[before];
      return last.value <= next.value
        ? []
        : [
            {
              key: "projectLimits",
              wrong: `${item} has a ${last.name} (${last.quantity}) above its ${next.name} (${next.quantity})`,
              allowed: "min, defaultRequest, default, max: each at least the one before",
              fix: `raise ${next.name} to ${last.quantity}`,
            },
          ];
    });
  }),
);

export const oneClassIsTheGlobalDefault = rule(["priorityClasses"], ({ priorityClasses }): Finding[] => {
  const names = priorityClasses.filter(({ globalDefault }) => globalDefault).map(({ name }) => name);
  if (names.length < 2) return [];
  return [
    {
      key: "priorityClasses",
      wrong: `has ${names.length} with globalDefault: ${names.join(", ")}`,
      allowed: "one of them at most",
      fix: "leave globalDefault: true at one of them",
    },
  ];
});
