import { conditionOf } from "../../lib/kubernetes/conditions";
import { SETTLED, type Stuck, stuck } from "../operator/stuck";
import type { ClusterCatalog, ExtensionRequest } from "./objects";

/** Seconds that catalogd gets to pull a catalog's image and to unpack it. This project's choice. */
const CATALOG_START = 600;

/**
 * Seconds for which OLM may report a problem that can end by itself, such as an image that cannot be pulled at the moment. OLM tries again
 * with growing pauses. This project's choice.
 */
const RETRIES = 180;

/**
 * The problem of a catalog that does not exist or does not serve its content (openshift/operator-framework-operator-controller,
 * `internal/catalogd/controllers/core/clustercatalog_controller.go`, release-4.20: updateStatusNotServing,
 * updateStatusProgressingUserSpecifiedUnavailable). Then OLM finds no package in it.
 */
export function catalogProblem({ catalog }: Pick<ExtensionRequest, "catalog">, catalogs: readonly ClusterCatalog[]): Stuck | undefined {
  const found = catalogs.find(({ metadata }) => metadata.name === catalog);
  if (found === undefined) {
    const names = catalogs.map(({ metadata }) => metadata.name).join(", ");
    return stuck(`ClusterCatalog ${catalog} does not exist. The cluster has ${names === "" ? "none" : names}.`, 2 * SETTLED);
  }
  const serving = conditionOf(found.status?.conditions, "Serving");
  if (serving?.status === "True") return undefined;
  if (serving?.reason === "UserSpecifiedUnavailable")
    return stuck(
      `ClusterCatalog ${catalog} is switched off. Switch it on: ` +
        `oc patch clustercatalog ${catalog} --type merge -p '{"spec":{"availabilityMode":"Available"}}'`,
      SETTLED,
    );
  const progress = conditionOf(found.status?.conditions, "Progressing");
  const reason = progress === undefined ? "catalogd has not looked at it yet" : `${progress.reason ?? ""}: ${progress.message ?? ""}`;
  return stuck(
    `ClusterCatalog ${catalog} does not serve its content (${reason}). Its image may be wrong, or the cluster may not pull it: oc describe clustercatalog ${catalog}`,
    CATALOG_START,
  );
}

/** A message of OLM, with the explanation and the likely fix. */
interface KnownMessage {
  readonly pattern: RegExp;
  readonly explain: (request: ExtensionRequest, message: string) => string;
  /** Seconds for which the problem may last. */
  readonly patience: number;
}

const USE_V0 = "Version 1 of OLM cannot install this operator: remove generation 1 from the entry, so that version 0 installs it.";

/**
 * Messages in the condition Progressing. Paths are in openshift/operator-framework-operator-controller, `internal/operator-controller`,
 * release-4.20; release-4.18 has the same texts in other files.
 */
const KNOWN: readonly KnownMessage[] = [
  {
    // `resolve/catalog.go`: resolutionError
    pattern: /error upgrading from currently installed version "[^"]*": no bundles found/,
    explain: ({ package: own, channel, version, catalog }) =>
      `The catalog ${catalog} has no version ${version} of ${own} in the channel ${channel} that updates the installed version directly. ` +
      "Set version to one that does (the channel's entries name it in replaces, skips or skipRange), and then to the next one; " +
      "or set upgradeConstraintPolicy SelfCertified, if the operator supports the step",
    patience: 2 * SETTLED,
  },
  {
    pattern: /no bundles found for package/,
    explain: ({ package: own, channel, version, catalog }) =>
      `The catalog ${catalog} has no package ${own}, or the package has no channel ${channel}, or the channel has no version ${version}. ` +
      "Correct name, channel or version (docs/operators.md lists the commands that show them)",
    patience: 2 * SETTLED,
  },
  {
    // `resolve/validation.go`: NoDependencyValidation
    pattern: /has a dependency declared via property/,
    explain: ({ package: own }) => `${own} needs another operator. ${USE_V0}`,
    patience: 0,
  },
  {
    // `rukpak/render/render.go` and `rukpak/convert/helm.go`
    pattern: /do not support targeting all namespaces/,
    explain: ({ package: own }) =>
      `${own} cannot watch all namespaces, which is the only install mode that the program asks for. ${USE_V0}`,
    patience: 0,
  },
  {
    pattern: /(webhookDefinitions|apiServiceDefini?tions) are not supported/,
    explain: ({ package: own }) => `${own} has webhooks or API services, which this release does not support. ${USE_V0}`,
    patience: 0,
  },
  {
    // `authentication/tokengetter.go`, and `controllers/clusterextension_reconcile_steps.go` in main
    pattern: /missing ServiceAccount|service account "[^"]*" not found/,
    explain: ({ package: own, namespace }) =>
      `The service account with which OLM installs ${own} is missing in ${namespace}. Run pulumi refresh, and the command again`,
    patience: 2 * SETTLED,
  },
  {
    // `applier/helm.go`: runPreAuthorizationChecks; without this check, the API server's own refusal
    pattern: /service account requires the following permissions| is forbidden: |attempting to grant RBAC permissions not currently held/,
    explain: ({ package: own }) =>
      `The service account with which OLM installs ${own} lacks permissions. Add them to permissions of the entry (docs/operators.md, "Permissions of version 1")`,
    patience: 2 * SETTLED,
  },
  {
    // Helm, `pkg/action/validate.go`: checkOwnership
    pattern: /cannot be imported into the current release/,
    explain: ({ package: own }) =>
      `An object of ${own} exists already. Somebody has installed the operator in another way, or an earlier installation has left its CustomResourceDefinitions. ` +
      "OLM does not take them over: delete them, if their custom resources are not needed",
    patience: 2 * SETTLED,
  },
  {
    // `rukpak/preflights/crdupgradesafety/crdupgradesafety.go`
    pattern: /validating upgrade for CRD/,
    explain: ({ version }) =>
      `Version ${version} changes a CustomResourceDefinition such that existing custom resources could be lost. OLM refuses the update; the installed version keeps running. Choose another version`,
    patience: SETTLED,
  },
  {
    pattern: /found bundles for package \S+ in multiple catalogs/,
    explain: ({ catalog }) =>
      `Several catalogs have the label of ${catalog}. Remove the label olm.operatorframework.io/metadata.name from the others`,
    patience: SETTLED,
  },
];

/** The problem that OLM reports in the condition Progressing, with the reason Retrying or Blocked. */
export function reportedProblem(request: ExtensionRequest, message: string, isFinal: boolean): Stuck {
  const known = KNOWN.find(({ pattern }) => pattern.test(message));
  const says = `OLM says: ${message}`;
  if (known !== undefined) return stuck(`${known.explain(request, message)}. ${says}`, known.patience);
  return stuck(`OLM cannot install ${request.package} ${request.version}. ${says}`, isFinal ? SETTLED : RETRIES);
}
