import { type KeyProblem, setItemCommand } from "../problem";
import type { Settings } from "../schema";
import { isExtension } from "./settings";

type Entry = Settings["operators"][number];

/** An operator without which a service cannot run. The user lists it in `operators`, where its catalog and version are pinned. */
export interface NeededOperator {
  /** The service, as the subject of a sentence: "Grafana". */
  readonly service: string;
  /**
   * Packages that contain the operator. Its package has a different name in each catalog: Red Hat's is
   * `redhat-oadp-operator`, the community's `oadp-operator`.
   */
  readonly packages: readonly string[];
  /** The only namespace in which the operator serves the service; undefined if any will do. */
  readonly namespace?: string;
  /** Namespaces that the operator must watch: all, only its own, or (either) one of these two. */
  readonly watch: "all" | "own" | "either";
  /** A complete entry, which the message suggests. */
  readonly example: Entry;
}

/** The entry of `operators` for a needed operator, also if the entry has problems; undefined if there is no entry. */
export function neededOperator<E extends Pick<Entry, "name">>(operators: readonly E[], { packages }: Pick<NeededOperator, "packages">) {
  return operators.find(({ name }) => packages.includes(name));
}

/** An operator that a service needs, and the key that switches the service on. */
export interface OperatorUse {
  readonly key: string;
  readonly needed: NeededOperator;
}

/**
 * The problems of services whose operator is missing in `operators`, or is configured such that it would not serve the service. A missing
 * operator is reported for the service's key. The fixes append the missing operators to the list, each at its own position.
 */
export function neededOperatorProblems(operators: readonly Entry[], uses: readonly OperatorUse[]): KeyProblem[] {
  let end = operators.length;
  return uses.flatMap(({ key, needed }) => {
    const entry = neededOperator(operators, needed);
    return entry === undefined ? [missingProblem(key, needed, end++)] : entryProblems(entry, operators.indexOf(entry), needed);
  });
}

function missingProblem(key: string, { service, packages, example }: NeededOperator, index: number): KeyProblem {
  return {
    key,
    wrong: `needs the operator ${packages.join(" or ")}, but operators does not list it`,
    allowed: `${service} with its operator in operators, which pins the operator's catalog and version`,
    fix: setItemCommand("operators", index, JSON.stringify(example)),
  };
}

function entryProblems(entry: Entry, index: number, needed: NeededOperator): KeyProblem[] {
  // The fields of the two versions of OLM differ, so the other problems would be misleading.
  const problems = isExtension(entry) ? generationProblem(needed) : [...namespaceProblem(entry, needed), ...watchProblem(entry, needed)];
  return problems.map((problem) => ({
    key: "operators",
    wrong: `item ${index + 1} (${entry.name}): ${problem.wrong}`,
    allowed: problem.allowed,
    fix: problem.fix,
  }));
}

type EntryProblem = Required<Pick<KeyProblem, "wrong" | "allowed" | "fix">>;

/** Removing a ClusterExtension deletes the custom resources of the whole cluster, so the services' operators are not installed in this way. */
function generationProblem({ service }: NeededOperator): EntryProblem[] {
  return [
    {
      wrong: `generation is 1, but ${service} needs the operator from version 0 of OLM`,
      allowed: `generation 0 for the operator of ${service}`,
      fix: "remove generation, and set startingCSV instead of version and permissions",
    },
  ];
}

function namespaceProblem(entry: Entry, { service, namespace }: NeededOperator): EntryProblem[] {
  if (namespace === undefined || entry.namespace === namespace) return [];
  return [
    {
      wrong: `namespace is ${entry.namespace}, but ${service} needs the operator in ${namespace}`,
      allowed: `namespace ${namespace}`,
      fix: `set its namespace to ${namespace}`,
    },
  ];
}

function watchProblem({ namespace, targetNamespaces = [] }: Entry, { service, watch }: NeededOperator): EntryProblem[] {
  const watchesAll = targetNamespaces.length === 0;
  const watchesOwn = targetNamespaces.length === 1 && targetNamespaces[0] === namespace;
  if ((watchesAll && watch !== "own") || (watchesOwn && watch !== "all")) return [];
  const own = `targetNamespaces [${namespace}]`;
  const all = "no targetNamespaces, so that the operator watches all namespaces";
  const allowed = { all, own, either: `${own}, or ${all}` }[watch];
  return [
    {
      wrong: `targetNamespaces is [${targetNamespaces.join(", ")}], so the operator would not serve ${service}`,
      allowed,
      fix: watch === "all" ? "remove its targetNamespaces" : `set its targetNamespaces to [${namespace}]`,
    },
  ];
}
