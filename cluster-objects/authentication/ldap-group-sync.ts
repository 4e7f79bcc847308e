import type { ProviderOf } from "../../config/authentication/settings";
import type { Secret } from "../../config/secret";
import { parseUrl } from "../../config/url";
import { toYaml } from "../../lib/yaml";
import type { ApiObject } from "../object";

/** The release's own `oc`, from the cluster's registry (every release has the image stream `cli`). */
const IMAGE = "image-registry.openshift-image-registry.svc:5000/openshift/cli:latest";

const CONFIG = "/etc/ldap-sync";
const SECRET = "/etc/ldap-secret";
const GROUPS_FILE = "groups.txt";

type GroupSync = NonNullable<ProviderOf<"LDAP">["groupSync"]>;
type Ldap = ProviderOf<"LDAP"> & { readonly groupSync: GroupSync; readonly secret?: Secret };

/**
 * Synchronizes groups of an LDAP server to groups of the cluster: `oc adm groups sync` on a schedule, as a service account that may only
 * write groups. Each provider has its own namespace, because the bind password is in it. Groups that are deleted on the server are kept: a
 * person must decide to delete them.
 */
export function ldapGroupSync(provider: Ldap): ApiObject[] {
  const { name, groupSync, ca, secret } = provider;
  const namespace = `okd-aws-ldap-sync-${name}`;
  const account = "group-sync";
  const role = `okd-aws-ldap-sync-${name}`;
  const own = (named: string) => ({ name: named, namespace });
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: own(account) },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: role },
      rules: [{ apiGroups: ["user.openshift.io"], resources: ["groups"], verbs: ["get", "list", "create", "update"] }],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: role },
      subjects: [{ kind: "ServiceAccount", name: account, namespace }],
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: own("ldap-sync"),
      data: {
        "sync.yaml": toYaml(syncConfig(provider)),
        ...(ca !== undefined && { "ca.crt": ca }),
        ...(groupSync.groups.length > 0 && { [GROUPS_FILE]: `${groupSync.groups.join("\n")}\n` }),
      },
    },
    ...(secret === undefined
      ? []
      : [
          {
            apiVersion: "v1",
            kind: "Secret",
            metadata: own("ldap-sync"),
            type: "Opaque",
            data: { bindPassword: Buffer.from(secret.reveal()).toString("base64") },
          },
        ]),
    cronJob(own("ldap-sync"), account, groupSync, secret !== undefined),
  ];
}

function cronJob(
  metadata: ApiObject["metadata"],
  serviceAccountName: string,
  { schedule, groups }: GroupSync,
  hasSecret: boolean,
): ApiObject {
  const listed = groups.length > 0 ? [`--whitelist=${CONFIG}/${GROUPS_FILE}`] : [];
  const container = {
    name: "sync",
    image: IMAGE,
    command: ["oc", "adm", "groups", "sync", `--sync-config=${CONFIG}/sync.yaml`, ...listed, "--confirm"],
    volumeMounts: [
      { name: "config", mountPath: CONFIG, readOnly: true },
      ...(hasSecret ? [{ name: "secret", mountPath: SECRET, readOnly: true }] : []),
    ],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    resources: { requests: { cpu: "10m", memory: "64Mi" } },
  };
  const volumes = [
    { name: "config", configMap: { name: metadata.name } },
    ...(hasSecret ? [{ name: "secret", secret: { secretName: metadata.name } }] : []),
  ];
  const pod = {
    serviceAccountName,
    restartPolicy: "Never",
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [container],
    volumes,
  };
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata,
    spec: {
      schedule,
      concurrencyPolicy: "Forbid",
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      // Half an hour: a server that hangs must not block the following synchronizations.
      jobTemplate: { spec: { backoffLimit: 0, activeDeadlineSeconds: 1800, template: { spec: pod } } },
    },
  };
}

/** Configuration file for `oc adm groups sync` (openshift/api, `legacyconfig/v1`, LDAPSyncConfig). */
function syncConfig({ url, insecure, bindDN, ca, attributes, groupSync, secret }: Ldap): object {
  const { scheme, host, port } = parseUrl(url, { anyCharacters: true });
  return {
    kind: "LDAPSyncConfig",
    apiVersion: "v1",
    url: `${scheme}://${host}${port === undefined ? "" : `:${port}`}`,
    insecure,
    ...(ca !== undefined && { ca: `${CONFIG}/ca.crt` }),
    ...(bindDN !== undefined && { bindDN, ...(secret && { bindPassword: { file: `${SECRET}/bindPassword` } }) }),
    // The same user name attribute as at login, or the groups' members would be other users than those who log in.
    [groupSync.schema]: schemaConfig(groupSync, attributes?.preferredUsername ?? ["uid"]),
  };
}

function schemaConfig(sync: GroupSync, userNameAttributes: readonly string[]): object {
  const { schema, usersBaseDN, usersFilter, groupsBaseDN, groupsFilter, groupNameAttributes, groupMembershipAttributes, pageSize } = sync;
  const query = (baseDN: string | undefined) => ({ baseDN, scope: "sub", derefAliases: "never", ...(pageSize > 0 && { pageSize }) });
  const memberships = groupMembershipAttributes.length > 0 ? groupMembershipAttributes : [schema === "rfc2307" ? "member" : "memberOf"];
  switch (schema) {
    case "rfc2307":
      return {
        groupsQuery: { ...query(groupsBaseDN), filter: groupsFilter },
        groupUIDAttribute: "dn",
        groupNameAttributes,
        groupMembershipAttributes: memberships,
        // Users are looked up by their own DN, so a filter is not allowed here.
        usersQuery: query(usersBaseDN),
        userUIDAttribute: "dn",
        userNameAttributes,
        // One member that no longer exists must not stop the synchronization of all others.
        tolerateMemberNotFoundErrors: true,
        tolerateMemberOutOfScopeErrors: true,
      };
    case "activeDirectory":
      return { usersQuery: { ...query(usersBaseDN), filter: usersFilter }, userNameAttributes, groupMembershipAttributes: memberships };
    case "augmentedActiveDirectory":
      return {
        groupsQuery: query(groupsBaseDN),
        groupUIDAttribute: "dn",
        groupNameAttributes,
        usersQuery: { ...query(usersBaseDN), filter: usersFilter },
        userNameAttributes,
        groupMembershipAttributes: memberships,
      };
  }
}
