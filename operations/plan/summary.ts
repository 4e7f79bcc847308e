import { phaseOf, type Phase } from "../driver/phases";
import { type Change, changesOf, type Operation, type Preview } from "./change";
import type { ConfigurationChange } from "./configuration-changes";
import { type Exposure, exposureOf } from "./exposure";
import { type Meaning, meaningOf, severities } from "./meaning";

/** What a plan costs, in words that are ready to be shown. */
export interface CostChange {
  /** "$1,234.56", both sides' monthly sum. */
  readonly before: string;
  readonly after: string;
  /** "+$12.00", or "$0.00". */
  readonly difference: string;
  /** Resources without a known price that come with the plan. */
  readonly newUnknown: number;
  /** The tables, for those who want to know, in the form that the summary is shown in. */
  readonly details: string;
}

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
  /** Worst first. */
  readonly consequences: readonly Consequence[];
  /** Deletions and replacements without a consequence of their own. */
  readonly removals: readonly Change[];
  readonly exposures: readonly Exposure[];
  readonly cost: CostChange | undefined;
  readonly configuration: readonly ConfigurationChange[];
  /** Every change, by the part of the installation that it belongs to. */
  readonly groups: readonly { readonly phase: Phase; readonly changes: readonly Change[] }[];
  /** Errors of the preview: then the plan is none. */
  readonly errors: readonly string[];
}

export interface SummaryOptions {
  readonly configuration?: readonly ConfigurationChange[];
  readonly cost?: CostChange | undefined;
}

/** Makes a summary of a preview. The same preview makes the same summary, in whatever order the engine told its steps. */
export function summarize(preview: Preview, { configuration = [], cost }: SummaryOptions = {}): Summary {
  const changes = changesOf(preview);
  const errors = (preview.diagnostics ?? []).filter(({ severity }) => severity === "error").map(({ message = "" }) => message.trim());
  const consequences = consequencesOf(changes);
  const told = new Set(consequences.flatMap(({ names }) => names));
  const removals = changes.filter(({ operation, name }) => (operation === "delete" || operation === "replace") && !told.has(name));
  const exposures = changes.flatMap(exposureOf).sort((one, other) => rank(one) - rank(other) || (one.text < other.text ? -1 : 1));
  const unique = exposures.filter(
    ({ text, kind }, index) => exposures.findIndex((each) => each.text === text && each.kind === kind) === index,
  );
  const phases = [...new Set(changes.map(({ urn }) => phaseOf(urn)))].sort();
  return {
    headline: headlineOf(changes, consequences, unique, cost, errors),
    consequences,
    removals,
    exposures: unique,
    cost,
    configuration,
    groups: phases.map((phase) => ({ phase, changes: changes.filter(({ urn }) => phaseOf(urn) === phase) })),
    errors,
  };
}

function consequencesOf(changes: readonly Change[]): Consequence[] {
  const found = new Map<string, Consequence>();
  for (const change of changes) {
    const meaning = meaningOf(change);
    if (meaning === undefined) continue;
    const key = `${change.operation} ${meaning.text}`;
    const known = found.get(key);
    found.set(key, {
      ...meaning,
      operation: change.operation,
      names: [...(known?.names ?? []), change.name],
      protected: [...(known?.protected ?? []), ...(change.protected && change.operation !== "update" ? [change.name] : [])],
    });
  }
  return [...found.values()].sort(
    (one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity) || (one.text < other.text ? -1 : 1),
  );
}

/** What is opened comes before what is closed, and what is open to everybody first. */
function rank({ kind, wide }: Exposure): number {
  return (kind === "opened" ? 0 : 2) + (wide ? 0 : 1);
}

const verbs: Readonly<Record<Operation, string>> = { create: "creates", update: "updates", replace: "replaces", delete: "deletes" };

function headlineOf(
  changes: readonly Change[],
  consequences: readonly Consequence[],
  exposures: readonly Exposure[],
  cost: CostChange | undefined,
  errors: readonly string[],
): string {
  if (errors.length > 0)
    return `This can't be applied: the preview ends with ${errors.length === 1 ? "an error" : `${errors.length} errors`}.`;
  if (changes.length === 0) return "Nothing changes.";
  const counts = (["delete", "replace", "update", "create"] as const).flatMap((operation) => {
    const count = changes.filter((change) => change.operation === operation).length;
    return count === 0 ? [] : [`${verbs[operation]} ${count}`];
  });
  const [worst] = consequences;
  const opened = exposures.filter(({ kind }) => kind === "opened");
  const parts = [
    `${counts.join(", ")} ${nounOf(changes)}`,
    // The list is ordered: the first is the worst.
    ...(consequences.length === 0 ? [] : [worst.short]),
    ...(opened.some(({ wide }) => wide) ? ["opens something to everybody"] : opened.length > 0 ? ["opens something new"] : []),
    ...(cost === undefined || /^[+-]?\$0\.00$/.test(cost.difference) ? [] : [`costs ${cost.difference} a month`]),
  ];
  const text = parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** Words for what is mostly changed by itself, one and several. */
const nouns: readonly (readonly [RegExp, string, string])[] = [
  [/^aws:ec2\/instance:/, "machine", "machines"],
  [/SecurityGroupIngressRule$/, "firewall rule", "firewall rules"],
  [/^kubernetes:/, "object of the cluster", "objects of the cluster"],
];

function nounOf(changes: readonly Change[]): string {
  const noun = nouns.find(([type]) => changes.every((change) => type.test(change.type)));
  return (noun ?? [/./, "resource", "resources"])[changes.length === 1 ? 1 : 2];
}
