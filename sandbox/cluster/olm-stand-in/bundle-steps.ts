import type { KubeObject } from "../api";
import type { OlmBundle } from "./catalog";
import type { DefinitionOf } from "./known-definitions";
import { knownDefinition } from "./definitions";
import type { OlmDefinition, OlmStep } from "./objects";

/** Annotation with a bundle's properties (operator-lifecycle-manager, `pkg/controller/registry/resolver/projection/properties.go`, master). */
const PROPERTIES = "operatorframework.io/properties";

export interface BundleTarget {
  readonly namespace: string;
  /** The installed version that the bundle replaces. */
  readonly replaces: string | undefined;
  readonly source: { readonly name: string; readonly namespace: string };
  /** Finds the CRDs that the stand-in knows. Of all other CRDs the stand-in knows only the names, and their objects may have any field. */
  readonly definitionOf?: DefinitionOf | undefined;
}

/** The label by which OLM finds the cluster-wide objects of a ClusterServiceVersion (operator-lifecycle-manager, `pkg/lib/ownerutil/util.go`, master). */
export const OWNER_LABEL = "olm.owner";

/**
 * The steps of an InstallPlan for a bundle: the ClusterServiceVersion, the CRDs that it owns, its service accounts and their
 * permissions (operator-lifecycle-manager, `pkg/controller/registry/resolver/steps.go`, master: NewStepResourceFromBundle). A bundle of the
 * stand-in grants the service accounts of its Deployments access to Leases, and the permissions that the bundle names. The objects of a CRD without a
 * file in `definitions/` may have any field.
 */
export function stepsOf(bundle: OlmBundle, { namespace, replaces, source, definitionOf }: BundleTarget): OlmStep[] {
  const accounts = [...new Set(bundle.deployments.map(({ serviceAccount }) => serviceAccount))];
  const objects = [
    clusterServiceVersion(bundle, namespace, replaces),
    ...definitionsOf(bundle, definitionOf),
    ...(bundle.objects ?? []),
    ...accounts.flatMap((account) => permissionsOf(bundle, account, namespace)),
    ...(bundle.clusterPermissions ?? []).flatMap((each) => clusterPermissionsOf(bundle.name, each, namespace)),
  ];
  return objects.map((object) => {
    const [version, group = ""] = object.apiVersion.split("/").reverse();
    const { kind, metadata } = object;
    const resource = { group, version, kind, name: metadata.name ?? "", sourceName: source.name, sourceNamespace: source.namespace };
    return { resolving: bundle.name, status: "Unknown", resource: { ...resource, manifest: JSON.stringify(object) } };
  });
}

/** The CRDs that a bundle owns. */
export function definitionsOf({ owned = [] }: OlmBundle, definitionOf: DefinitionOf = () => undefined): KubeObject[] {
  return owned.map((each) => definitionOf(each.name) ?? crdOf(each));
}

function clusterServiceVersion(bundle: OlmBundle, namespace: string, replaces: string | undefined): KubeObject {
  const { name, version, installModes, owned = [], required = [], deployments, maxOpenShiftVersion } = bundle;
  const properties = [
    { type: "olm.package", value: { packageName: bundle.package, version } },
    ...(maxOpenShiftVersion === undefined ? [] : [{ type: "olm.maxOpenShiftVersion", value: maxOpenShiftVersion }]),
  ];
  return {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "ClusterServiceVersion",
    metadata: {
      name,
      namespace,
      // In a real cluster the operator adoption controller adds this label later (`pkg/controller/operators/adoption_controller.go`).
      labels: { [componentLabel(bundle.package, namespace)]: "" },
      annotations: { [PROPERTIES]: JSON.stringify({ properties }) },
    },
    spec: {
      displayName: bundle.package,
      version,
      ...(replaces !== undefined && { replaces }),
      installModes: ["OwnNamespace", "SingleNamespace", "MultiNamespace", "AllNamespaces"].map((type) => ({
        type,
        supported: installModes.includes(type),
      })),
      customresourcedefinitions: { owned, required },
      install: { strategy: "deployment", spec: { deployments: deployments.map(deploymentOf) } },
    },
  };
}

/** The label of everything that belongs to a package's operator (`pkg/controller/operators/decorators/operator.go`, master). */
function componentLabel(packageName: string, namespace: string): string {
  return `operators.coreos.com/${`${packageName}.${namespace}`.slice(0, 63).replace(/[._-]+$/, "")}`;
}

/** A Deployment of a bundle, as a ClusterServiceVersion has it. */
export function deploymentOf({ name, labels, serviceAccount, requests }: OlmBundle["deployments"][number]): {
  readonly name: string;
  readonly spec: object;
} {
  const container = { name: "manager", image: "example.com/simulated", resources: { requests } };
  return {
    name,
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { serviceAccountName: serviceAccount, containers: [container] } },
    },
  };
}

/** The stand-in's CRD of this name; if there is none, a CRD whose objects may have any field. */
function crdOf({ name, kind, version }: OlmDefinition): KubeObject {
  const known = knownDefinition(name);
  if (known !== undefined) return known;
  const [plural, ...group] = name.split(".");
  const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name },
    spec: {
      group: group.join("."),
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: anything }, subresources: { status: {} } }],
    },
  };
}

function permissionsOf({ name: csv, permissions = [] }: OlmBundle, account: string, namespace: string): KubeObject[] {
  const subject = { kind: "ServiceAccount", name: account, namespace };
  const name = `${csv}-${account}`;
  const labels = { [OWNER_LABEL]: csv };
  const named = permissions.filter(({ serviceAccount }) => serviceAccount === account).flatMap(({ rules }) => rules);
  const api = "rbac.authorization.k8s.io/v1";
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: account, namespace } },
    {
      apiVersion: api,
      kind: "Role",
      metadata: { name, namespace, labels },
      rules: [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] }, ...named],
    },
    {
      apiVersion: api,
      kind: "RoleBinding",
      metadata: { name, namespace, labels },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [subject],
    },
  ];
}

function clusterPermissionsOf(
  csv: string,
  { serviceAccount, rules }: NonNullable<OlmBundle["clusterPermissions"]>[number],
  namespace: string,
): KubeObject[] {
  const name = `${csv}-${serviceAccount}`;
  const api = "rbac.authorization.k8s.io/v1";
  const labels = { [OWNER_LABEL]: csv };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: serviceAccount, namespace } },
    { apiVersion: api, kind: "ClusterRole", metadata: { name, labels }, rules },
    {
      apiVersion: api,
      kind: "ClusterRoleBinding",
      metadata: { name, labels },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name: serviceAccount, namespace }],
    },
  ];
}
