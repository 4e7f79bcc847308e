import type { KubeObject } from "../api";

/**
 * Default CatalogSources by name: display name, image, priority (operator-framework/operator-marketplace, `defaults`, release-4.14 to
 * release-4.22; from release-4.22 on without redhat-marketplace).
 */
const DEFAULTS: Readonly<Record<string, readonly [displayName: string, repository: string, priority: number]>> = {
  "redhat-operators": ["Red Hat Operators", "redhat-operator-index", -100],
  "certified-operators": ["Certified Operators", "certified-operator-index", -200],
  "community-operators": ["Community Operators", "community-operator-index", -400],
  "redhat-marketplace": ["Red Hat Marketplace", "redhat-marketplace-index", -300],
};

/** The namespace whose CatalogSources every namespace can use. */
export const GLOBAL_NAMESPACE = "openshift-marketplace";

interface OperatorHubSpec {
  readonly disableAllDefaultSources?: boolean;
  readonly sources?: readonly { readonly name: string; readonly disabled?: boolean }[];
}

/**
 * OperatorHub `cluster` of a release. OKD enables only community-operators (operator-framework/operator-marketplace,
 * `hack/okd/0000_03_marketplace-operator_02_operatorhub.cr.yaml`, release-4.19).
 */
export function operatorHubOf(version: string): OperatorHubSpec {
  if (!version.includes("okd")) return {};
  return { disableAllDefaultSources: true, sources: [{ name: "community-operators", disabled: false }] };
}

/**
 * The default CatalogSources that OperatorHub enables (operator-framework/operator-marketplace,
 * `pkg/defaults/catsrcHelpers.go`, release-4.19). The marketplace operator creates the enabled CatalogSources, and
 * deletes the disabled CatalogSources that it has created.
 */
export function defaultSources(
  { disableAllDefaultSources = false, sources = [] }: OperatorHubSpec,
  version: string,
): { readonly enabled: readonly KubeObject[]; readonly disabled: readonly string[] } {
  const isDisabled = (name: string) => sources.find((each) => each.name === name)?.disabled ?? disableAllDefaultSources;
  const [major, minor] = version.split(".").map(Number);
  const hasMarketplace = major === 4 && minor < 22;
  const names = Object.keys(DEFAULTS).filter((name) => name !== "redhat-marketplace" || hasMarketplace);
  return {
    enabled: names.filter((name) => !isDisabled(name)).map((name) => sourceNamed(name, version)),
    disabled: names.filter(isDisabled),
  };
}

function sourceNamed(name: string, version: string): KubeObject {
  const [displayName, repository, priority] = DEFAULTS[name];
  const [major, minor] = version.split(".");
  // The marketplace operator of OKD pulls this catalog from the registry that needs no login (the same repository, `Dockerfile.okd`, release-4.19).
  const host = version.includes("okd") && name === "community-operators" ? "registry.access.redhat.com" : "registry.redhat.io";
  return {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "CatalogSource",
    metadata: { name, namespace: GLOBAL_NAMESPACE, annotations: { "operatorframework.io/managed-by": "marketplace-operator" } },
    spec: {
      sourceType: "grpc",
      image: `${host}/redhat/${repository}:v${major}.${minor}`,
      displayName,
      publisher: "Red Hat",
      priority,
      updateStrategy: { registryPoll: { interval: "240m" } },
    },
  };
}
