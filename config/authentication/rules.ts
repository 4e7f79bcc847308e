import { ownValue } from "../../lib/own-value";
import type { KeyProblem } from "../problem";
import { rule } from "../rule";
import { CLUSTER_ADMINS } from "./fields";

/** Whether a name is reserved for OpenShift, so that no person logs in with it. */
const isSystemName = (name: string) => name.startsWith("system:");

/** OpenShift refuses a shorter timeout (openshift/api, `config/v1/types_oauth.go`). */
const MIN_INACTIVITY_SECONDS = 300;

export const inactivityIsLongEnough = rule(["accessTokenInactivityTimeout"], ({ accessTokenInactivityTimeout: seconds }) =>
  seconds === 0 || seconds >= MIN_INACTIVITY_SECONDS
    ? []
    : [
        {
          key: "accessTokenInactivityTimeout",
          wrong: `is less than ${MIN_INACTIVITY_SECONDS}`,
          allowed: `0, or at least ${MIN_INACTIVITY_SECONDS} seconds`,
          fix: `pulumi config set accessTokenInactivityTimeout ${MIN_INACTIVITY_SECONDS}`,
        },
      ],
);

export const htpasswdUsersHaveAProvider = rule(
  ["identityProviders", "htpasswdUsers"],
  ({ identityProviders, htpasswdUsers }): KeyProblem[] => {
    const files = identityProviders.filter(({ type }) => type === "HTPasswd");
    const users = Object.keys(htpasswdUsers).length;
    if (files.length > 1)
      return [
        {
          key: "identityProviders",
          wrong: `has ${files.length} providers of type HTPasswd (${files.map(({ name }) => name).join(", ")}), which would all have the same users`,
          fix: "keep one of them",
        },
      ];
    if (files.length === 1 && users === 0)
      return [{ key: "htpasswdUsers", wrong: `is empty, so nobody could log in with ${files[0].name} of identityProviders` }];
    if (files.length === 0 && users > 0)
      return [
        {
          key: "htpasswdUsers",
          wrong: "has users, but there is no identity provider of type HTPasswd",
          fix: "add {name: htpasswd, type: HTPasswd} to identityProviders",
        },
      ];
    return [];
  },
);

/**
 * Refuses administrators who could not log in. The program knows all users only if HTPasswd is the only identity provider, so with another provider
 * it does not check the administrators' names.
 */
export const adminsCanLogIn = rule(
  ["identityProviders", "htpasswdUsers", "clusterAdmins", "clusterAdminGroups"],
  ({ identityProviders, htpasswdUsers, clusterAdmins, clusterAdminGroups }): KeyProblem[] => {
    const admins = clusterAdmins.filter((name) => !isSystemName(name));
    const groups = clusterAdminGroups.filter((name) => !isSystemName(name));
    if (identityProviders.length === 0) {
      const key = admins.length > 0 ? "clusterAdmins" : "clusterAdminGroups";
      return admins.length + groups.length === 0
        ? []
        : [
            {
              key,
              wrong: "names administrators, but there is no identity provider with which they could log in",
              fix: "add one to identityProviders",
            },
          ];
    }
    if (identityProviders.some(({ type }) => type !== "HTPasswd")) return [];
    const unknown = admins.filter((name) => ownValue(htpasswdUsers, name) === undefined);
    if (unknown.length === 0) return [];
    return [
      {
        key: "clusterAdmins",
        wrong: `names ${unknown.join(", ")}, who can't log in: htpasswdUsers does not have the name`,
        allowed: `with HTPasswd as the only provider: ${Object.keys(htpasswdUsers).join(", ")}`,
        fix: `add ${unknown.join(", ")} to htpasswdUsers, or correct the name`,
      },
    ];
  },
);

export const kubeadminHasASuccessor = rule(
  ["removeKubeadmin", "clusterAdmins", "clusterAdminGroups"],
  ({ removeKubeadmin, clusterAdmins, clusterAdminGroups }): KeyProblem[] =>
    !removeKubeadmin || clusterAdmins.length + clusterAdminGroups.length > 0
      ? []
      : [
          {
            key: "removeKubeadmin",
            wrong: "is true, but the cluster has no other administrator",
            allowed: "true only with clusterAdmins or clusterAdminGroups",
            fix: "name somebody in clusterAdmins",
          },
        ],
);

export const bindingsAreComplete = rule(["roleBindings"], ({ roleBindings }): KeyProblem[] =>
  roleBindings.flatMap(({ name, users, groups, serviceAccounts, roleKind, namespace }, index): KeyProblem[] => {
    const item = `item ${index + 1} (${name})`;
    if (users.length + groups.length + serviceAccounts.length === 0)
      return [{ key: "roleBindings", wrong: `${item} names no users, groups or service accounts`, fix: "add some, or remove the item" }];
    if (roleKind === "Role" && namespace === undefined)
      return [{ key: "roleBindings", wrong: `${item} has roleKind Role, but no namespace`, fix: "add the role's namespace" }];
    if (name === CLUSTER_ADMINS)
      return [
        {
          key: "roleBindings",
          wrong: `${item} has the name of the binding that the program creates for clusterAdmins`,
          fix: "give it another name",
        },
      ];
    return [];
  }),
);
