import { phaseOf, type UpdatePhase } from "../driver/phases";
import { type ResourceChange, changesOf, type ChangeOperation, type Preview } from "../../lib/pulumi/change";
import { type ConfigurationChange, NOT_SET } from "./configuration-changes";
import type { CostChange } from "./cost";
import { errorsOf, warningsOf } from "./diagnostics";
import { type Exposure, exposureOf, isDeletedWithOwner } from "./exposure";
import { impactOf } from "./impact";
import { updatesTo } from "./impact/cluster";
import { type Impact, severities } from "./impact/row";
import { type Rename, renamesOf } from "./renames";

/** Changes with the same impact. */
export interface Consequence extends Impact {
  readonly operation: ChangeOperation;
  readonly names: readonly string[];
  /** The resources in `names` that are protected: the Pulumi engine refuses to delete them. */
  readonly protected: readonly string[];
}

/** The summary of a plan for a reviewer, the most important parts first. */
export interface PlanSummary {
  /** The headline, one sentence. */
  readonly headline: string;
  /** The facts that the plan cannot show, if it is not a complete preview of the stack itself. */
  readonly note: string | undefined;
  /** The consequences, worst first. */
  readonly consequences: readonly Consequence[];
  /** Deletions and replacements that `consequences` does not list. */
  readonly removals: readonly ResourceChange[];
  /** Resources that are deleted and created again because only their name or parent in the program changed. */
  readonly renames: readonly Rename[];
  readonly exposures: readonly Exposure[];
  /** The cost. A string is the reason why it cannot be estimated. */
  readonly cost: CostChange | string | undefined;
  readonly configuration: readonly ConfigurationChange[];
  /** Every change, by phase of the installation. */
  readonly groups: readonly { readonly phase: UpdatePhase; readonly changes: readonly ResourceChange[] }[];
  /** Errors of the preview, with line breaks. If there are any, the plan can't be applied. */
  readonly errors: readonly string[];
  /** Warnings of the program, with line breaks. */
  readonly warnings: readonly string[];
}

export interface SummaryOptions {
  readonly configuration?: readonly ConfigurationChange[];
  readonly cost?: CostChange | string | undefined;
  readonly note?: string | undefined;
}

/** Summarizes a preview. The summary does not depend on the order of the preview's steps. */
export function summarizePlan(preview: Preview, { configuration = [], cost, note }: SummaryOptions = {}): PlanSummary {
  const changes = changesOf(preview);
  const errors = errorsOf(preview);
  const consequences = consequencesOf(changes, configuration);
  const removals = changes.filter((change) => /^(delete|replace)$/.test(change.operation) && impactOf(change) === undefined);
  const exposures = netExposures(changes);
  const phases = [...new Set(changes.map(({ urn }) => phaseOf(urn)))].sort();
  return {
    headline: headlineOf(changes, consequences, exposures, cost, errors),
    note,
    consequences,
    removals,
    renames: renamesOf(changes),
    exposures,
    cost,
    configuration,
    groups: phases.map((phase) => ({ phase, changes: changes.filter(({ urn }) => phaseOf(urn) === phase) })),
    errors,
    warnings: warningsOf(preview),
  };
}

function consequencesOf(changes: readonly ResourceChange[], configuration: readonly ConfigurationChange[]): Consequence[] {
  const found = new Map<string, Consequence>();
  // If the plan creates a new cluster, created resources have no impact, because nobody uses the cluster yet.
  const fresh = changes.some(({ operation, type }) => operation === "create" && type.endsWith("okd:ClusterIdentity"));
  const deletedWithOwner = isDeletedWithOwner(changes);
  for (const change of changes) {
    const impact = impactOf(change);
    if (impact === undefined || (fresh && change.operation === "create")) continue;
    if (impact.severity === "loses protection" && deletedWithOwner(change)) continue;
    const key = `${change.operation} ${impact.text}`;
    const known = found.get(key);
    found.set(key, {
      ...impact,
      operation: change.operation,
      names: [...(known?.names ?? []), change.name],
      protected: [...(known?.protected ?? []), ...(change.protected && change.operation !== "update" ? [change.name] : [])],
    });
  }
  // For a comparison of two commits: it has no step for an update to another release, because the preview of each commit
  // installs the release of that commit.
  const release = configuration.find(({ key, before }) => key === "release" && before !== NOT_SET);
  if (release !== undefined && ![...found.values()].some(({ text }) => text === updatesTo(release.after).text))
    found.set("release", { ...updatesTo(release.after), operation: "update", names: ["release"], protected: [] });
  return [...found.values()].sort(
    (one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity) || (one.text < other.text ? -1 : 1),
  );
}

/**
 * Lists each exposure once. An access that one resource opens and another resource closes is left out, because the access does not change, for example when a
 * resource is renamed.
 */
function netExposures(changes: readonly ResourceChange[]): Exposure[] {
  const deletedWithOwner = isDeletedWithOwner(changes);
  const all = changes.flatMap((change) => exposureOf(change).filter(({ kind }) => kind === "closed" || !deletedWithOwner(change)));
  const key = ({ kind, text }: Exposure) => `${kind} ${text}`;
  const keys = new Set(all.map(key));
  const other = ({ kind, text }: Exposure) => `${kind === "opened" ? "closed" : "opened"} ${text}`;
  return all
    .filter((exposure, index) => !keys.has(other(exposure)) && all.findIndex((each) => key(each) === key(exposure)) === index)
    .sort((one, another) => rank(one) - rank(another) || (one.text < another.text ? -1 : 1));
}

/** Sort order: opened before closed, and access for everybody first. */
function rank({ kind, wide }: Exposure): number {
  return (kind === "opened" ? 0 : 2) + (wide ? 0 : 1);
}

/** Maximum number of characters of an opened access in a headline; this project's choice. */
const MAX_OPENED_CHARACTERS = 100;

const verbs: Readonly<Record<ChangeOperation, string>> = { create: "creates", update: "updates", replace: "replaces", delete: "deletes" };

function headlineOf(
  changes: readonly ResourceChange[],
  consequences: readonly Consequence[],
  exposures: readonly Exposure[],
  cost: PlanSummary["cost"],
  errors: readonly string[],
): string {
  if (errors.length > 0)
    return `This plan can't be applied: the preview ended with ${errors.length === 1 ? "an error" : `${errors.length} errors`}.`;
  if (changes.length === 0 && consequences.length === 0) return "Nothing changes.";
  const counts = (["delete", "replace", "update", "create"] as const).flatMap((operation) => {
    const count = changes.filter((change) => change.operation === operation).length;
    return count === 0 ? [] : [{ operation, count }];
  });
  const opened = exposures.filter(({ kind }) => kind === "opened");
  const parts = [
    // Only the first number gets the noun, as in "creates 3 resources, updates 2".
    ...counts.map(({ operation, count }, index) => `${verbs[operation]} ${count}${index === 0 ? ` ${nounOf(changes, count)}` : ""}`),
    // The list begins with the worst consequences, so the headline names the worst two.
    ...[...new Set(consequences.map(({ short }) => short))].slice(0, 2),
    ...openedAccessText(opened),
    ...costWords(cost),
  ];
  const text = parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** The worst access that is opened (the list is sorted), and the number of others. */
function openedAccessText(opened: readonly Exposure[]): string[] {
  if (opened.length === 0) return [];
  const [{ text }] = opened;
  const others = opened.length === 1 ? "" : ` and ${opened.length - 1} more`;
  return [`opens ${text.length > MAX_OPENED_CHARACTERS ? "something new" : text}${others}`];
}

function costWords(cost: PlanSummary["cost"]): string[] {
  if (typeof cost !== "object") return [];
  const { difference = "+$0.00", newUnknown } = cost;
  const known = /^[+-]?\$0\.00$/.test(difference)
    ? []
    : [`${difference.startsWith("-") ? "saves" : "costs"} ${difference.slice(1)} a month`];
  return [...known, ...(newUnknown > 0 ? ["adds resources of unknown price"] : [])];
}

/** Singular and plural for changes of only one kind of resource. */
const nouns: readonly (readonly [RegExp, string, string])[] = [
  [/^aws:ec2\/instance:/, "instance", "instances"],
  [/SecurityGroupIngressRule$/, "security group rule", "security group rules"],
  [/^kubernetes:/, "cluster object", "cluster objects"],
];

function nounOf(changes: readonly ResourceChange[], count: number): string {
  const noun = nouns.find(([type]) => changes.every((change) => type.test(change.type)));
  return (noun ?? [/./, "resource", "resources"])[count === 1 ? 1 : 2];
}
