import { compare } from "../cost/compare";
import { differenceText, moneyText } from "../cost/money";
import { type PriceTable, readPrices } from "../cost/price-table";
import { regionOf, regionOfConfiguration, type Resource, resourcesOfPlan } from "../../lib/pulumi/resource";
import { type TextFormat, showComparison } from "../cost/show";
import type { Preview } from "../../lib/pulumi/change";

/** The cost of a plan, formatted for display. */
export interface CostChange {
  /** Monthly totals before and after: "$1,234.56". Undefined if the preview has only the changes. */
  readonly total: { readonly before: string; readonly after: string } | undefined;
  /** "+$12.00"; undefined if no resource with a price changes. */
  readonly difference: string | undefined;
  /** Number of new resources without a known price (newUnknown), and number of all such resources after the plan. */
  readonly newUnknown: number;
  readonly unknown: number;
  /** The tables with the details, in the same format as the summary. */
  readonly details: string;
}

export interface CostOptions {
  readonly form: TextFormat;
  /** The stack's resources, if the preview has only the changes. */
  readonly state?: readonly Resource[];
  /** Default: the committed price table. */
  readonly prices?: PriceTable;
}

/** The cost of a plan; a string with the reason if it can't be estimated. */
export function costOf(preview: Preview, { form, state = [], prices }: CostOptions): CostChange | string {
  const planned = resourcesOfPlan(preview, state);
  const region = regionOf(planned.after) ?? regionOf(planned.before) ?? regionOfConfiguration(preview);
  if (region === undefined) return "neither the preview nor the state contains the region";
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

/** Whether both sides are complete: the state is given, the preview has steps without changes, or the stack is new. */
export function isWhole({ steps = [] }: Preview, state: readonly Resource[]): boolean {
  if (state.length > 0) return true;
  return steps.some(({ op, newState }) =>
    newState?.custom === true ? op === "same" : op === "create" && newState?.type === "pulumi:pulumi:Stack",
  );
}
