import { policyRuleProblems } from "../access-control/rules";
import { enabledCapabilities } from "../capabilities";
import { isDisconnected } from "../mirror/fields";
import { isObjectName } from "../object-name";
import { type KeyProblem, setCommand } from "../problem";
import { capabilitiesOf } from "../releases/facts";
import { isAtLeast, minorName } from "../releases/minor";
import { minorOf } from "../releases/version";
import { rule } from "../rule";
import type { Settings } from "../schema";
import type { Warning } from "../warning";
import { SHARED_NAMESPACE } from "./fields";
import { eachOperator, WITHOUT_MARKETPLACE } from "./rules";
import { isExtension } from "./settings";

/** Rules about operators that version 1 of the Operator Lifecycle Manager installs. */

type Entry = Settings["operators"][number];
type EntryProblem = Omit<KeyProblem, "key">;

/** The capability without which a cluster has no OLM v1. Releases before 4.18 do not have this capability, nor OLM v1 as a supported part. */
const CAPABILITY = "OperatorLifecycleManagerV1";

/** Fields that only one version of OLM has. */
const FIELDS = {
  0: ["sourceNamespace", "startingCSV", "approval", "targetNamespaces", "onInfraNodes", "env"],
  1: ["version", "permissions", "upgradeConstraintPolicy"],
} as const;

/** Fields of version 0, each with the reason why version 1 does not have it, and the fix. */
const MISSING: Readonly<Record<(typeof FIELDS)[0][number], string>> = {
  sourceNamespace: "ClusterCatalogs have no namespace; remove it",
  startingCSV: "remove it, and set version",
  approval: "OLM installs the version in the field version and no other; remove it",
  targetNamespaces: "the operator watches all namespaces; remove it, or remove generation, so that version 0 of OLM installs the operator",
  onInfraNodes: "a ClusterExtension has no settings for pods; remove it, or remove generation",
  env: "a ClusterExtension has no settings for pods; remove it, or remove generation",
};

export const fieldsFitTheGeneration = rule(["operators"], ({ operators }) =>
  eachOperator(operators, (entry): EntryProblem[] => (isExtension(entry) ? extensionProblems(entry) : subscriptionProblems(entry))),
);

/** Whether a field is in the configuration. A list that is not set is empty. */
function isSet(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

function subscriptionProblems(entry: Entry): EntryProblem[] {
  return FIELDS[1].flatMap((name) =>
    !isSet(entry[name])
      ? []
      : [
          {
            wrong: `${name} is set, which exists only with generation 1`,
            allowed: `${FIELDS[1].join(", ")} with generation 1`,
            fix: name === "version" ? "set startingCSV instead, or set generation to 1" : `remove ${name}, or set generation to 1`,
          },
        ],
  );
}

function extensionProblems(entry: Entry): EntryProblem[] {
  const unknown = FIELDS[0].flatMap((name): EntryProblem[] =>
    !isSet(entry[name])
      ? []
      : [
          {
            wrong: `${name} is set, which does not exist with generation 1`,
            allowed: `${FIELDS[0].join(", ")} with generation 0`,
            fix: MISSING[name],
          },
        ],
  );
  const wrong: EntryProblem[] = [];
  if (entry.version === undefined)
    wrong.push({
      wrong: "version is missing, so no version would be pinned",
      allowed: "one version of the channel, such as 5.22.2",
      fix: "set version (docs/operators.md shows how to list a catalog's versions)",
    });
  if (entry.permissions === undefined)
    wrong.push({
      wrong: "permissions is missing, so OLM could not create any object of the operator",
      allowed: "the rules of the service account with which OLM installs the operator",
      fix: 'set permissions (docs/operators.md, "Permissions of version 1", shows how to find them)',
    });
  // A ClusterExtension refuses other names of channels (the definition's rule for spec.source.catalog.channels).
  if (!isObjectName(entry.channel))
    wrong.push({
      wrong: `channel is ${entry.channel}, which a ClusterExtension cannot name`,
      allowed: "with generation 1, lower-case letters, digits, hyphens and dots",
      fix: "choose another channel, or remove generation",
    });
  return [...unknown, ...wrong, ...policyRuleProblems(entry.permissions ?? [], "permissions")];
}

/** Helm's limit for the name of a release, which is the name of the ClusterExtension (helm/helm, `pkg/chartutil/validate_name.go`, v3). */
const LONGEST_NAME = 53;

export const extensionsHaveShortNames = rule(["operators"], ({ operators }) =>
  eachOperator(operators, (entry) =>
    isExtension(entry) && entry.name.length > LONGEST_NAME
      ? [
          {
            wrong: `name has ${entry.name.length} characters, and version 1 of OLM cannot install a package with such a long name`,
            allowed: `at most ${LONGEST_NAME} characters with generation 1`,
            fix: "remove generation, so that version 0 of OLM installs the operator",
          },
        ]
      : [],
  ),
);

/** The namespace of a ClusterExtension has the installing service account, whose token would give other operators' owners its rights. */
export const extensionsHaveTheirNamespaces = rule(["operators"], ({ operators }) =>
  eachOperator(operators, (entry, index): EntryProblem[] => {
    if (!isExtension(entry)) return [];
    const other = operators.find(({ namespace }, at) => at !== index && namespace === entry.namespace);
    if (other === undefined && entry.namespace !== SHARED_NAMESPACE) return [];
    return [
      {
        wrong: `namespace ${entry.namespace} is also the namespace of ${other?.name ?? "other operators"}, but it has the service account with which OLM installs ${entry.name}`,
        allowed: "with generation 1, a namespace for this operator alone",
        fix: "give the operator its own namespace",
      },
    ];
  }),
);

export const extensionsHaveAManager = rule(
  ["operators", "release", "baselineCapabilitySet", "additionalEnabledCapabilities"],
  ({ operators, release, baselineCapabilitySet: set, additionalEnabledCapabilities: additional }): KeyProblem[] => {
    if (!operators.some(isExtension)) return [];
    const minor = minorOf(release);
    if (!capabilitiesOf(minor).includes(CAPABILITY))
      return eachOperator(operators, (entry) =>
        isExtension(entry)
          ? [
              {
                wrong: `generation is 1, but ${minorName(minor)} does not have version 1 of OLM`,
                allowed: "generation 1 with 4.18 and later releases",
                fix: "remove generation, so that version 0 of OLM installs the operator",
              },
            ]
          : [],
      );
    if (set === "" || enabledCapabilities(minor, set, additional).has(CAPABILITY)) return [];
    return [
      {
        key: "operators",
        wrong: `has an item with generation 1, but the capability ${CAPABILITY} is not enabled`,
        allowed: `generation 1 with the capability ${CAPABILITY}`,
        fix: setCommand("additionalEnabledCapabilities", JSON.stringify([...additional, CAPABILITY])),
      },
    ];
  },
);

/**
 * Default ClusterCatalogs. Their images are in registry.redhat.io, also in OKD (openshift/operator-framework-operator-controller,
 * `openshift/catalogd/kustomize/overlays/openshift/catalogs`, release-4.20; release-4.22 is without openshift-redhat-marketplace).
 */
const DEFAULT_CATALOGS = ["redhat-operators", "certified-operators", "community-operators", "redhat-marketplace"].map(
  (name) => `openshift-${name}`,
);

/** Warns about default ClusterCatalogs that a new cluster does not have or cannot pull. An administrator may have created or repaired them. */
export const clusterCatalogsExist = rule(["operators", "distribution", "release", "mirror"], (settings): Warning[] => {
  const { operators, distribution, release, mirror } = settings;
  const minor = minorOf(release);
  const problemOf = (catalog: string): Pick<Warning, "text" | "fix"> | undefined => {
    if (isDisconnected(mirror))
      return {
        text: "a disconnected cluster cannot pull",
        fix: `name the ClusterCatalog that oc-mirror created, such as cc-redhat-operator-index-v${minorName(minor).replace(".", "-")} (docs/operators.md)`,
      };
    if (distribution === "okd")
      return {
        text: "a cluster can pull only with a pull secret for registry.redhat.io",
        fix: "add registry.redhat.io to pullSecret, or create your own ClusterCatalog (docs/operators.md)",
      };
    if (catalog === "openshift-redhat-marketplace" && isAtLeast(minor, WITHOUT_MARKETPLACE))
      return { text: `clusters do not have from ${WITHOUT_MARKETPLACE} on`, fix: "use another catalog" };
    return undefined;
  };
  return operators.filter(isExtension).flatMap(({ name, source }): Warning[] => {
    const found = DEFAULT_CATALOGS.includes(source) ? problemOf(source) : undefined;
    if (found === undefined) return [];
    const text = `${name} needs the catalog ${source}, which ${found.text}. Unless somebody has changed that, the update will fail when it waits for the operator.`;
    return [{ key: "operators", text, fix: found.fix }];
  });
});

/** Warns about an installing service account that may do everything: whoever may create pods in its namespace is then an administrator. */
export const permissionsAreLimited = rule(["operators"], ({ operators }): Warning[] =>
  operators.filter(isExtension).flatMap(({ name, namespace, permissions = [] }): Warning[] =>
    permissions.some(({ apiGroups, resources, verbs }) => [apiGroups, resources, verbs].every((list) => list.includes("*")))
      ? [
          {
            key: "operators",
            text: `permissions of ${name} allow everything, so everybody who may create pods in ${namespace} can become cluster-admin.`,
            fix: 'list only the permissions that the operator needs (docs/operators.md, "Permissions of version 1")',
          },
        ]
      : [],
  ),
);
