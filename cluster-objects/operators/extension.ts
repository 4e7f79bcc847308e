import { createHash } from "node:crypto";
import type { ExtensionConfiguration } from "../../config/operators/settings";
import { roleObject } from "../access-control/roles";
import type { ApiObject } from "../object";

/** The label that catalogd gives each ClusterCatalog with its name (openshift/operator-framework-operator-controller, `api/v1/clustercatalog_types.go`, release-4.20). */
const CATALOG_NAME = "olm.operatorframework.io/metadata.name";

/** Annotation of a ClusterExtension with the digest of the installing account's permissions. The name is this project's choice. */
const PERMISSIONS = "okd-aws/permissions";

/** Name of the service account with which OLM installs an operator. */
function accountOf({ package: name }: ExtensionConfiguration): string {
  return `${name}-installer`;
}

/** Name of the account's ClusterRole and its binding. */
function roleOf(entry: ExtensionConfiguration): string {
  return `okd-aws-${accountOf(entry)}`;
}

/** The service account with which OLM installs an operator. */
export function extensionAccount(entry: ExtensionConfiguration): ApiObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: accountOf(entry), namespace: entry.namespace } };
}

/**
 * The account's rules: those of the configuration, and the right to make the ClusterExtension the owner of the operator's objects
 * (openshift/operator-framework-operator-controller, `docs/howto/derive-service-account.md`, release-4.20).
 */
export function extensionRole(entry: ExtensionConfiguration): ApiObject {
  const owner = {
    apiGroups: ["olm.operatorframework.io"],
    resources: ["clusterextensions/finalizers"],
    resourceNames: [entry.package],
    nonResourceURLs: [],
    verbs: ["update"],
  };
  return roleObject({ name: roleOf(entry), rules: [owner, ...entry.permissions] });
}

export function extensionRoleBinding(entry: ExtensionConfiguration): ApiObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: roleOf(entry) },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: roleOf(entry) },
    subjects: [{ kind: "ServiceAccount", name: accountOf(entry), namespace: entry.namespace }],
  };
}

/**
 * The operator, in one version. OLM does not see changed permissions, and after an error it tries again with pauses that grow up to
 * 16 minutes; a changed annotation makes OLM try again at once.
 */
export function clusterExtension(entry: ExtensionConfiguration): ApiObject {
  const { package: packageName, namespace, catalog, channel, version, upgradeConstraintPolicy } = entry;
  return {
    apiVersion: "olm.operatorframework.io/v1",
    kind: "ClusterExtension",
    metadata: { name: packageName, annotations: { [PERMISSIONS]: permissionsDigest(entry) } },
    spec: {
      namespace,
      serviceAccount: { name: accountOf(entry) },
      source: {
        sourceType: "Catalog",
        catalog: {
          packageName,
          version,
          channels: [channel],
          selector: { matchLabels: { [CATALOG_NAME]: catalog } },
          upgradeConstraintPolicy,
        },
      },
    },
  };
}

/** Changes whenever the permissions change. */
export function permissionsDigest({ permissions }: Pick<ExtensionConfiguration, "permissions">): string {
  return createHash("sha256").update(JSON.stringify(permissions)).digest("hex").slice(0, 16);
}
