import { compare } from "../cost/compare";
import { differenceText, moneyText } from "../cost/money";
import { type PriceTable, readPrices } from "../cost/price-table";
import { regionOf, regionOfConfiguration, type Resource, resourcesOfPlan } from "../cost/resource";
import { type Form, showComparison } from "../cost/show";
import type { Preview } from "./change";

/** What a plan costs, in words that are ready to be shown. */
export interface CostChange {
  /** Both sides' monthly sums: "$1,234.56". None where the preview tells only what changes. */
  readonly total: { readonly before: string; readonly after: string } | undefined;
  /** "+$12.00"; undefined where nothing that has a price changes. */
  readonly difference: string | undefined;
  /** Resources without a known price: those that come with the plan, and all that are there afterwards. */
  readonly newUnknown: number;
  readonly unknown: number;
  /** The tables, for those who want to know, in the form that the summary is shown in. */
  readonly details: string;
}

export interface CostOptions {
  readonly form: Form;
  /** What stands, where the preview tells only what changes. */
  readonly state?: readonly Resource[];
  /** The committed ones unless given. */
  readonly prices?: PriceTable;
}

/** What a plan does to the cost; a text says why that can't be told. */
export function costOf(preview: Preview, { form, state = [], prices }: CostOptions): CostChange | string {
  const planned = resourcesOfPlan(preview, state);
  const region = regionOf(planned.after) ?? regionOf(planned.before) ?? regionOfConfiguration(preview);
  if (region === undefined) return "neither the preview nor the state says in which region it is";
  const comparison = compare(planned, { region, prices: prices ?? readPrices() });
  const { before, after, difference, changes, newUnknown } = comparison;
  const changed = changes.length > 0 || newUnknown.length > 0 || comparison.goneUnknown.length > 0;
  return {
    total: isWhole(preview, state) ? { before: moneyText(before.monthly), after: moneyText(after.monthly) } : undefined,
    difference: changes.length > 0 ? differenceText(difference) : undefined,
    newUnknown: newUnknown.length,
    unknown: after.unknown.length,
    details: changed ? showComparison(comparison, form).trimEnd() : "",
  };
}

/** Whether both sides have everything: with the state, with the steps that change nothing, or where the stack itself is new. */
export function isWhole({ steps = [] }: Preview, state: readonly Resource[]): boolean {
  if (state.length > 0) return true;
  return steps.some(({ op, newState }) =>
    newState?.custom === true ? op === "same" : op === "create" && newState?.type === "pulumi:pulumi:Stack",
  );
}
