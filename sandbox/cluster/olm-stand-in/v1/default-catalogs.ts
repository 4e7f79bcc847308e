import type { KubeObject } from "../../api";

/** Default ClusterCatalogs: name of the catalog, repository, priority. */
const DEFAULTS = [
  ["redhat-operators", "redhat-operator-index", -100],
  ["certified-operators", "certified-operator-index", -200],
  ["community-operators", "community-operator-index", -400],
  ["redhat-marketplace", "redhat-marketplace-index", -300],
] as const;

/**
 * The default ClusterCatalogs of a release, the same in OKD (openshift/operator-framework-operator-controller,
 * `openshift/catalogd/kustomize/overlays/openshift/catalogs`, release-4.20; from release-4.22 on without openshift-redhat-marketplace). Empty
 * before 4.18, which does not have version 1 of OLM.
 */
export function defaultCatalogs(release: string): KubeObject[] {
  const [major, minor] = release.split(".").map(Number);
  if (major < 4 || (major === 4 && minor < 18)) return [];
  const isOld = major === 4 && minor < 22;
  return DEFAULTS.filter(([name]) => isOld || name !== "redhat-marketplace").map(([name, repository, priority]) => ({
    apiVersion: "olm.operatorframework.io/v1",
    kind: "ClusterCatalog",
    metadata: { name: `openshift-${name}` },
    spec: {
      priority,
      source: { type: "Image", image: { ref: `registry.redhat.io/redhat/${repository}:v${major}.${minor}`, pollIntervalMinutes: 10 } },
    },
  }));
}
