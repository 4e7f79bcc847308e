import { assumptionNames, assumptionTable } from "../cost/assumptions";
import type { Estimate } from "../cost/estimate";
import { moneyText, priceText } from "../cost/money";
import { element, type Markup } from "../markup/element";
import { nameOf } from "../urn";
import { note, section, table } from "./section";

/** An estimate, or, where there is no region to look prices up for, that there is none. */
export function costSection(estimate: Estimate | undefined): Markup {
  if (estimate === undefined) return section("Cost", note("Unknown: no AWS provider of the stack says its region."));
  const { lines, monthly, unknown, prices, assumptions, region } = estimate;
  const rows = lines.map(({ what, count, units, unit, unitPrice, monthly: each, byCluster }) => [
    byCluster ? `${what} (made by the cluster)` : what,
    count,
    `${units} × ${unit}`,
    `$${priceText(unitPrice)}`,
    moneyText(each),
  ]);
  const assumed = assumptionNames
    .filter((name) => name in assumptions)
    .map((name) => `${name} = ${assumptions[name] ?? ""} ${assumptionTable[name].unit}: ${assumptionTable[name].meaning}`);
  const origins = Object.entries(prices).map(([place, { date, source }]) => `${place}, ${date}: ${source}`);
  const list = (texts: readonly string[]) => element("ul", {}, ...texts.map((text) => element("li", {}, text)));
  return section(
    "Cost",
    element("p", {}, "About ", element("strong", {}, `${moneyText(monthly)} a month`), ` in ${region}, at list prices.`),
    table(["", "Count", "Each a month", "Price", "A month"], rows, [1, 2, 3, 4]),
    ...(unknown.length === 0
      ? []
      : [note("Of unknown price, and not in the sum:"), list(unknown.map((one) => `${nameOf(one.urn)} (${one.type}): ${one.why}`))]),
    note("Assumed:"),
    list(assumed),
    note("Prices, without taxes, discounts and traffic to the internet:"),
    list(origins),
  );
}
