import { enabledCapabilities } from "../capabilities";
import { isDisconnected } from "../mirror/fields";
import { type KeyProblem, setCommand } from "../problem";
import { isAtLeast, type Minor, minorName } from "../releases/minor";
import { minorOf } from "../releases/version";
import { rule } from "../rule";
import type { Settings } from "../schema";
import type { Warning } from "../warning";
import { GLOBAL_CATALOGS, SHARED_NAMESPACE } from "./fields";
import { isExtension } from "./settings";

type Entry = Settings["operators"][number];

/** Problems of single operators, each with the operator's position in the list. */
export function eachOperator(
  entries: readonly Entry[],
  problemsOf: (entry: Entry, index: number) => readonly Omit<KeyProblem, "key">[],
): KeyProblem[] {
  return entries.flatMap((entry, index) =>
    problemsOf(entry, index).map((problem) => ({
      ...problem,
      key: "operators",
      wrong: `item ${index + 1} (${entry.name}): ${problem.wrong}`,
    })),
  );
}

/** Problems of the operators that version 0 of OLM installs. */
function eachSubscription(
  entries: readonly Entry[],
  problemsOf: (entry: Entry, index: number) => readonly Omit<KeyProblem, "key">[],
): KeyProblem[] {
  return eachOperator(entries, (entry, index) => (isExtension(entry) ? [] : problemsOf(entry, index)));
}

export const approvalsAreComplete = rule(["operators"], ({ operators }) =>
  eachSubscription(operators, ({ approval = "Manual", startingCSV }) => {
    if (approval === "Manual" && startingCSV === undefined)
      return [
        {
          wrong: "startingCSV is missing, so no version would be approved",
          allowed: "the name of a ClusterServiceVersion; none with approval Automatic",
          fix: "set startingCSV: oc get packagemanifest <package> -o yaml lists the versions of each channel",
        },
      ];
    if (approval === "Automatic" && startingCSV !== undefined)
      return [
        {
          wrong: `startingCSV is ${startingCSV}, but with approval Automatic the channel's newest version replaces it at once`,
          allowed: "startingCSV with approval Manual, or approval Automatic without it",
          fix: "remove startingCSV, or remove approval Automatic",
        },
      ];
    return [];
  }),
);

/**
 * A namespace may have only one OperatorGroup, and its Subscriptions are resolved together: a Subscription that cannot be resolved blocks
 * the others (operator-framework/operator-lifecycle-manager, `pkg/controller/operators/catalog/operator.go`, master:
 * syncResolvingNamespace).
 */
export const operatorsHaveTheirNamespaces = rule(["operators"], ({ operators }) =>
  eachSubscription(operators, ({ namespace, targetNamespaces = [], approval = "Manual" }, index): Omit<KeyProblem, "key">[] => {
    const earlier = operators.slice(0, index).find((other) => other.namespace === namespace && !isExtension(other));
    const problems: Omit<KeyProblem, "key">[] = [];
    if (namespace === SHARED_NAMESPACE && targetNamespaces.length > 0)
      problems.push({
        wrong: `targetNamespaces is set, but the OperatorGroup of ${SHARED_NAMESPACE} watches all namespaces`,
        allowed: `targetNamespaces in another namespace, or none in ${SHARED_NAMESPACE}`,
        fix: "remove targetNamespaces, or give the operator its own namespace",
      });
    if (earlier === undefined) return problems;
    if (namespace !== SHARED_NAMESPACE && !haveSameNames(earlier.targetNamespaces ?? [], targetNamespaces))
      problems.push({
        wrong: `namespace ${namespace} is also the namespace of ${earlier.name}, which has other targetNamespaces, so the namespace would need two OperatorGroups`,
        allowed: "the same targetNamespaces for all operators of a namespace",
        fix: "give the operator its own namespace, or set the same targetNamespaces",
      });
    if ((earlier.approval ?? "Manual") !== approval)
      problems.push({
        wrong: `approval is ${approval}, but ${earlier.name} in the same namespace has another: one operator with Manual makes the updates of all operators in the namespace wait`,
        allowed: "one approval for all operators of a namespace",
        fix: "give one of the two operators its own namespace, or set the same approval for both",
      });
    return problems;
  }),
);

function haveSameNames(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}

/**
 * Namespace of the update service's operator. The program itself installs this operator with an OperatorGroup
 * (`ignition/mirror/update-service.ts`).
 */
const UPDATE_SERVICE = "openshift-update-service";

export const operatorsLeaveUpdateServiceAlone = rule(["operators", "updateService"], ({ operators, updateService }) =>
  eachOperator(operators, ({ namespace }) =>
    updateService && namespace === UPDATE_SERVICE
      ? [
          {
            wrong: `namespace ${namespace} belongs to the update service, whose operator is installed because updateService is true`,
            allowed: "another namespace",
            fix: "give the operator its own namespace; if it is the update service's operator, remove its entry",
          },
        ]
      : [],
  ),
);

/** Default CatalogSources (operator-framework/operator-marketplace, `defaults`, release-4.14 to release-4.22). */
const DEFAULT_SOURCES = ["redhat-operators", "certified-operators", "community-operators", "redhat-marketplace"];

/** The first minor release without redhat-marketplace. */
export const WITHOUT_MARKETPLACE = "4.22";

export const catalogsAreInReach = rule(["operators"], ({ operators }) =>
  eachSubscription(operators, ({ sourceNamespace = GLOBAL_CATALOGS, namespace }) =>
    sourceNamespace === GLOBAL_CATALOGS || sourceNamespace === namespace
      ? []
      : [
          {
            wrong: `sourceNamespace is ${sourceNamespace}, whose catalogs the namespace ${namespace} cannot use`,
            allowed: `${GLOBAL_CATALOGS}, or ${namespace}`,
            fix: "remove sourceNamespace, or create the CatalogSource in one of these namespaces",
          },
        ],
  ),
);

/**
 * Warns about a catalog that a new cluster does not have. An administrator may have created it: the marketplace operator deletes only
 * CatalogSources with its annotation, and on OKD an administrator may enable Red Hat's catalogs in OperatorHub
 * (operator-framework/operator-marketplace, `pkg/defaults/catsrcHelpers.go` and `hack/okd`, release-4.19).
 */
export const catalogsExist = rule(
  ["operators", "distribution", "release", "mirror"],
  ({ operators, distribution, release, mirror }): Warning[] =>
    operators.flatMap(({ name, generation, source, sourceNamespace = GLOBAL_CATALOGS }) => {
      if (isExtension({ generation }) || sourceNamespace !== GLOBAL_CATALOGS || !DEFAULT_SOURCES.includes(source)) return [];
      const found = missingSource(source, { distribution, minor: minorOf(release), disconnected: isDisconnected(mirror) });
      if (found === undefined) return [];
      const text = `${name} needs the catalog ${source}, which ${found.reason}. Unless somebody has created it, the update will fail when it waits for the operator.`;
      return [{ key: "operators", text, fix: found.fix }];
    }),
);

/** The reason why a new cluster lacks a default CatalogSource; undefined if it has it. */
function missingSource(
  source: string,
  { distribution, minor, disconnected }: { readonly distribution: string; readonly minor: Minor; readonly disconnected: boolean },
): { readonly reason: string; readonly fix: string } | undefined {
  if (disconnected)
    return {
      reason: "a disconnected cluster does not have: it has only mirrored catalogs",
      fix: `name the CatalogSource that oc-mirror created, such as cs-redhat-operator-index-v${minorName(minor).replace(".", "-")} (docs/operators.md)`,
    };
  if (distribution === "okd" && source !== "community-operators")
    return {
      reason: "OKD does not have: it has only community-operators",
      fix: "use community-operators, or enable the catalog in OperatorHub cluster",
    };
  return source === "redhat-marketplace" && isAtLeast(minor, WITHOUT_MARKETPLACE)
    ? { reason: `clusters do not have from ${WITHOUT_MARKETPLACE} on`, fix: "use another catalog" }
    : undefined;
}

export const operatorsHaveAManager = rule(
  ["operators", "release", "baselineCapabilitySet", "additionalEnabledCapabilities"],
  ({ operators, release, baselineCapabilitySet: set, additionalEnabledCapabilities: additional }): KeyProblem[] => {
    const subscribed = operators.filter((entry) => !isExtension(entry));
    if (subscribed.length === 0 || set === "") return [];
    const minor = minorOf(release);
    const enabled = enabledCapabilities(minor, set, additional);
    const everywhere = enabledCapabilities(minor, "vCurrent", []);
    const isMissing = (name: string) => everywhere.has(name) && !enabled.has(name);
    const usesDefault = subscribed.some(
      ({ source, sourceNamespace = GLOBAL_CATALOGS }) => sourceNamespace === GLOBAL_CATALOGS && DEFAULT_SOURCES.includes(source),
    );
    const missing = ["OperatorLifecycleManager", ...(usesDefault ? ["marketplace"] : [])].filter(isMissing);
    return missing.map((name) => ({
      key: "operators",
      wrong: `is set, but the capability ${name} is not enabled`,
      allowed: `operators with the capability ${name}`,
      fix: setCommand("additionalEnabledCapabilities", JSON.stringify([...additional, ...missing])),
    }));
  },
);

export const operatorsHaveInfraNodes = rule(["operators", "infraCount"], ({ operators, infraCount }) =>
  eachSubscription(operators, ({ onInfraNodes }) =>
    onInfraNodes === true && infraCount === 0
      ? [
          {
            wrong: "onInfraNodes is true, but infraCount is 0",
            allowed: "onInfraNodes with at least one infra node",
            fix: `${setCommand("infraCount", 3)}, or remove onInfraNodes`,
          },
        ]
      : [],
  ),
);
