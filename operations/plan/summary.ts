import { phaseOf, type Phase } from "../driver/phases";
import { type Change, changesOf, type Operation, type Preview } from "./change";
import { type ConfigurationChange, NOT_SET } from "./configuration-changes";
import type { CostChange } from "./cost";
import { errorsOf, warningsOf } from "./diagnostics";
import { type Exposure, exposureOf, goesWithOwner } from "./exposure";
import { meaningOf } from "./meaning";
import { updatesTo } from "./meanings/cluster";
import { type Meaning, severities } from "./meanings/row";
import { type Rename, renamesOf } from "./renames";

/** Changes that mean the same. */
export interface Consequence extends Meaning {
  readonly operation: Operation;
  readonly names: readonly string[];
  /** Of these names, those that the engine refuses to delete. */
  readonly protected: readonly string[];
}

/** What a reviewer has to know, in the order in which it has to be known. */
export interface Summary {
  /** One sentence. */
  readonly headline: string;
  /** Where the plan comes from, if it is not the engine's own of the stack itself: what it can't show. */
  readonly note: string | undefined;
  /** Worst first. */
  readonly consequences: readonly Consequence[];
  /** Deletions and replacements without a consequence of their own. */
  readonly removals: readonly Change[];
  /** What is deleted and made anew though only the program calls it otherwise. */
  readonly renames: readonly Rename[];
  readonly exposures: readonly Exposure[];
  /** A text says why it can't be told. */
  readonly cost: CostChange | string | undefined;
  readonly configuration: readonly ConfigurationChange[];
  /** Every change, by the part of the installation that it belongs to. */
  readonly groups: readonly { readonly phase: Phase; readonly changes: readonly Change[] }[];
  /** Errors of the preview, in lines: with any, the plan cannot be applied. */
  readonly errors: readonly string[];
  /** Warnings of the program, in lines. */
  readonly warnings: readonly string[];
}

export interface SummaryOptions {
  readonly configuration?: readonly ConfigurationChange[];
  readonly cost?: CostChange | string | undefined;
  readonly note?: string | undefined;
}

/** Makes a summary of a preview. The same preview makes the same summary, in whatever order the engine told its steps. */
export function summarize(preview: Preview, { configuration = [], cost, note }: SummaryOptions = {}): Summary {
  const changes = changesOf(preview);
  const errors = errorsOf(preview);
  const consequences = consequencesOf(changes, configuration);
  const removals = changes.filter((change) => /^(delete|replace)$/.test(change.operation) && meaningOf(change) === undefined);
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

function consequencesOf(changes: readonly Change[], configuration: readonly ConfigurationChange[]): Consequence[] {
  const found = new Map<string, Consequence>();
  // What comes with a new cluster does nothing to one that is in use.
  const fresh = changes.some(({ operation, type }) => operation === "create" && type.endsWith("okd:ClusterIdentity"));
  const unmissed = goesWithOwner(changes);
  for (const change of changes) {
    const meaning = meaningOf(change);
    if (meaning === undefined || (fresh && change.operation === "create")) continue;
    if (meaning.severity === "loses its guard" && unmissed(change)) continue;
    const key = `${change.operation} ${meaning.text}`;
    const known = found.get(key);
    found.set(key, {
      ...meaning,
      operation: change.operation,
      names: [...(known?.names ?? []), change.name],
      protected: [...(known?.protected ?? []), ...(change.protected && change.operation !== "update" ? [change.name] : [])],
    });
  }
  // A comparison of two programs on empty stacks has no step for it: each side installs its release.
  const release = configuration.find(({ key, before }) => key === "release" && before !== NOT_SET);
  if (release !== undefined && ![...found.values()].some(({ text }) => text === updatesTo(release.after).text))
    found.set("release", { ...updatesTo(release.after), operation: "update", names: ["release"], protected: [] });
  return [...found.values()].sort(
    (one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity) || (one.text < other.text ? -1 : 1),
  );
}

/** Each exposure once; what one resource opens and another closes, as when a resource is renamed, is as it was. */
function netExposures(changes: readonly Change[]): Exposure[] {
  const unmissed = goesWithOwner(changes);
  const all = changes.flatMap((change) => exposureOf(change).filter(({ kind }) => kind === "closed" || !unmissed(change)));
  const key = ({ kind, text }: Exposure) => `${kind} ${text}`;
  const keys = new Set(all.map(key));
  const other = ({ kind, text }: Exposure) => `${kind === "opened" ? "closed" : "opened"} ${text}`;
  return all
    .filter((exposure, index) => !keys.has(other(exposure)) && all.findIndex((each) => key(each) === key(exposure)) === index)
    .sort((one, another) => rank(one) - rank(another) || (one.text < another.text ? -1 : 1));
}

/** What is opened comes before what is closed, and what is open to everybody first. */
function rank({ kind, wide }: Exposure): number {
  return (kind === "opened" ? 0 : 2) + (wide ? 0 : 1);
}

/** Characters of an opening that a headline has room for; this project's choice. */
const MOST_OPENING = 100;

const verbs: Readonly<Record<Operation, string>> = { create: "creates", update: "updates", replace: "replaces", delete: "deletes" };

function headlineOf(
  changes: readonly Change[],
  consequences: readonly Consequence[],
  exposures: readonly Exposure[],
  cost: Summary["cost"],
  errors: readonly string[],
): string {
  if (errors.length > 0)
    return `This can't be applied: the preview ends with ${errors.length === 1 ? "an error" : `${errors.length} errors`}.`;
  if (changes.length === 0 && consequences.length === 0) return "Nothing changes.";
  const counts = (["delete", "replace", "update", "create"] as const).flatMap((operation) => {
    const count = changes.filter((change) => change.operation === operation).length;
    return count === 0 ? [] : [{ operation, count }];
  });
  const opened = exposures.filter(({ kind }) => kind === "opened");
  const parts = [
    // The first number has the noun, for all of them.
    ...counts.map(({ operation, count }, index) => `${verbs[operation]} ${count}${index === 0 ? ` ${nounOf(changes, count)}` : ""}`),
    // The list is ordered: the first ones are the worst.
    ...[...new Set(consequences.map(({ short }) => short))].slice(0, 2),
    ...openingWords(opened),
    ...costWords(cost),
  ];
  const text = parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** The worst of what is opened: the list is ordered. */
function openingWords(opened: readonly Exposure[]): string[] {
  if (opened.length === 0) return [];
  const [{ text }] = opened;
  const others = opened.length === 1 ? "" : ` and ${opened.length - 1} more`;
  return [`opens ${text.length > MOST_OPENING ? "something new" : text}${others}`];
}

function costWords(cost: Summary["cost"]): string[] {
  if (typeof cost !== "object") return [];
  const { difference = "+$0.00", newUnknown } = cost;
  const known = /^[+-]?\$0\.00$/.test(difference)
    ? []
    : [`${difference.startsWith("-") ? "saves" : "costs"} ${difference.slice(1)} a month`];
  return [...known, ...(newUnknown > 0 ? ["costs something of unknown price"] : [])];
}

/** Words for what is mostly changed by itself, one and several. */
const nouns: readonly (readonly [RegExp, string, string])[] = [
  [/^aws:ec2\/instance:/, "machine", "machines"],
  [/SecurityGroupIngressRule$/, "firewall rule", "firewall rules"],
  [/^kubernetes:/, "object of the cluster", "objects of the cluster"],
];

function nounOf(changes: readonly Change[], count: number): string {
  const noun = nouns.find(([type]) => changes.every((change) => type.test(change.type)));
  return (noun ?? [/./, "resource", "resources"])[count === 1 ? 1 : 2];
}
