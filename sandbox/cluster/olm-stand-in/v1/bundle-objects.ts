import { createHash } from "node:crypto";
import type { KubeObject } from "../../api";
import { definitionsOf, deploymentOf } from "../bundle-steps";
import type { OlmBundle } from "../catalog";
import type { DefinitionOf } from "../known-definitions";
import type { V1Extension } from "./objects";

/** OLM's message if it cannot install a bundle. */
export class Unsupported extends Error {}

/**
 * The objects of a bundle, in the order in which Helm creates them, for an operator that watches all namespaces
 * (openshift/operator-framework-operator-controller, `internal/operator-controller/rukpak/render/registryv1/generators/generators.go`,
 * release-4.20). Labels name the ClusterExtension, and owner references make the garbage collector delete the objects with it.
 *
 * @throws Unsupported if the bundle does not support the install mode AllNamespaces
 */
export function objectsOf(bundle: OlmBundle, extension: V1Extension, definitionOf?: DefinitionOf): KubeObject[] {
  const { namespace } = extension.spec;
  if (!bundle.installModes.includes("AllNamespaces"))
    throw new Unsupported(
      `error rendering bundle: invalid option(s): invalid target namespaces []: ` +
        `supported install modes [${[...bundle.installModes].sort().join(" ")}] do not support targeting all namespaces`,
    );
  const accounts = [...new Set(bundle.deployments.map(({ serviceAccount }) => serviceAccount))];
  const rules = [...(bundle.permissions ?? []).map(promoted), ...(bundle.clusterPermissions ?? [])];
  const objects: KubeObject[] = [
    ...accounts.map((name) => ({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } })),
    ...definitionsOf(bundle, definitionOf),
    ...rules.flatMap((permission) => rightsOf(bundle.name, permission, namespace)),
    ...(bundle.objects ?? []),
    ...bundle.deployments.map((deployment) => {
      const { name, spec } = deploymentOf(deployment);
      return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace }, spec };
    }),
  ];
  return objects.map((object) => owned(object, extension));
}

type Permission = NonNullable<OlmBundle["permissions"]>[number];

/** Rights in the operator's namespace become rights in the whole cluster, with the right to read Namespaces. */
function promoted({ serviceAccount, rules }: Permission): Permission {
  return { serviceAccount, rules: [...rules, { apiGroups: [""], resources: ["namespaces"], verbs: ["get", "list", "watch"] }] };
}

function rightsOf(csv: string, { serviceAccount, rules }: Permission, namespace: string): KubeObject[] {
  const hash = createHash("sha256").update(JSON.stringify(rules)).digest("hex").slice(0, 40);
  const name = `${csv}-${serviceAccount}-${hash}`.slice(0, 63);
  const api = "rbac.authorization.k8s.io/v1";
  return [
    { apiVersion: api, kind: "ClusterRole", metadata: { name }, rules },
    {
      apiVersion: api,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name: serviceAccount, namespace }],
    },
  ];
}

/** Label with the name of the ClusterExtension (`internal/operator-controller/labels/labels.go`, release-4.20). */
export const OWNER_NAME = "olm.operatorframework.io/owner-name";

function owned(object: KubeObject, { apiVersion, kind, metadata: { name, uid } }: V1Extension): KubeObject {
  const labels = { ...object.metadata.labels, "olm.operatorframework.io/owner-kind": kind, [OWNER_NAME]: name };
  const owner = { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
  return { ...object, metadata: { ...object.metadata, labels, ownerReferences: [owner] } };
}
