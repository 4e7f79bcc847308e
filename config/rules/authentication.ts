import type { Finding } from "../finding";
import { own } from "../own";
import { rule } from "../rule";

/** Names that OpenShift gives to itself are nobody's login. */
const isOfTheSystem = (name: string) => name.startsWith("system:");

/** OpenShift refuses shorter ones (openshift/api, `config/v1/types_oauth.go`). */
const LEAST_INACTIVITY_SECONDS = 300;

export const inactivityIsLongEnough = rule(["accessTokenInactivityTimeout"], ({ accessTokenInactivityTimeout: seconds }) =>
  seconds === 0 || seconds >= LEAST_INACTIVITY_SECONDS
    ? []
    : [
        {
          key: "accessTokenInactivityTimeout",
          wrong: `is less than ${LEAST_INACTIVITY_SECONDS}`,
          allowed: `0, or ${LEAST_INACTIVITY_SECONDS} seconds and more`,
          fix: `pulumi config set accessTokenInactivityTimeout ${LEAST_INACTIVITY_SECONDS}`,
        },
      ],
);

export const htpasswdUsersHaveAProvider = rule(
  ["identityProviders", "htpasswdUsers"],
  ({ identityProviders, htpasswdUsers }): Finding[] => {
    const files = identityProviders.filter(({ type }) => type === "HTPasswd");
    const users = Object.keys(htpasswdUsers).length;
    if (files.length > 1)
      return [
        {
          key: "identityProviders",
          wrong: `has ${files.length} providers of type HTPasswd (${files.map(({ name }) => name).join(", ")}), which would have the same users`,
          fix: "keep one of them",
        },
      ];
    if (files.length === 1 && users === 0)
      return [{ key: "htpasswdUsers", wrong: `is empty, so that ${files[0].name} of identityProviders would let nobody in` }];
    if (files.length === 0 && users > 0)
      return [
        {
          key: "htpasswdUsers",
          wrong: "has users, but no identity provider is of type HTPasswd",
          fix: "add {name: htpasswd, type: HTPasswd} to identityProviders",
        },
      ];
    return [];
  },
);

/** With a file of users as the only provider, everybody who can log in is known. */
export const adminsCanLogIn = rule(
  ["identityProviders", "htpasswdUsers", "clusterAdmins", "clusterAdminGroups"],
  ({ identityProviders, htpasswdUsers, clusterAdmins, clusterAdminGroups }): Finding[] => {
    const admins = clusterAdmins.filter((name) => !isOfTheSystem(name));
    const groups = clusterAdminGroups.filter((name) => !isOfTheSystem(name));
    if (identityProviders.length === 0) {
      const key = admins.length > 0 ? "clusterAdmins" : "clusterAdminGroups";
      return admins.length + groups.length === 0
        ? []
        : [
            {
              key,
              wrong: "names people, but there is no identity provider that they could log in with",
              fix: "add one to identityProviders",
            },
          ];
    }
    if (identityProviders.some(({ type }) => type !== "HTPasswd")) return [];
    const unknown = admins.filter((name) => own(htpasswdUsers, name) === undefined);
    if (unknown.length === 0) return [];
    return [
      {
        key: "clusterAdmins",
        wrong: `names ${unknown.join(", ")}, whom no identity provider can know`,
        allowed: `with HTPasswd as the only provider: ${Object.keys(htpasswdUsers).join(", ")}`,
        fix: `add ${unknown.join(", ")} to htpasswdUsers, or correct the name`,
      },
    ];
  },
);

export const kubeadminHasASuccessor = rule(
  ["removeKubeadmin", "clusterAdmins", "clusterAdminGroups"],
  ({ removeKubeadmin, clusterAdmins, clusterAdminGroups }): Finding[] =>
    !removeKubeadmin || clusterAdmins.length + clusterAdminGroups.length > 0
      ? []
      : [
          {
            key: "removeKubeadmin",
            wrong: "is true, but nobody else may administer the cluster",
            allowed: "true only with clusterAdmins or clusterAdminGroups",
            fix: "name somebody in clusterAdmins",
          },
        ],
);

export const bindingsAreComplete = rule(["roleBindings"], ({ roleBindings }): Finding[] =>
  roleBindings.flatMap(({ name, users, groups, serviceAccounts, roleKind, namespace }, index): Finding[] => {
    const item = `item ${index + 1} (${name})`;
    if (users.length + groups.length + serviceAccounts.length === 0)
      return [{ key: "roleBindings", wrong: `${item} binds nobody`, fix: "name users, groups or service accounts, or take it out" }];
    if (roleKind === "Role" && namespace === undefined)
      return [{ key: "roleBindings", wrong: `${item} is for a Role, but names no namespace`, fix: "name the role's namespace" }];
    if (name === CLUSTER_ADMINS)
      return [{ key: "roleBindings", wrong: `${item} has the name of the binding that clusterAdmins makes`, fix: "give it another name" }];
    return [];
  }),
);

/** Name of the binding that clusterAdmins and clusterAdminGroups make. */
export const CLUSTER_ADMINS = "okd-aws-cluster-admins";
