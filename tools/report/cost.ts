import { assumptionNames, assumptionTable } from "../cost/assumptions";
import type { Estimate } from "../cost/estimate";
import { moneyText, priceText } from "../cost/money";
import { element, type Markup } from "../../lib/markup";
import { resourceName } from "../../lib/pulumi/urn";
import { note, section, tableMarkup } from "./section";

/** The estimated cost, or a note that the cost is unknown because the region is unknown. */
export function costSection(estimate: Estimate | undefined): Markup {
  if (estimate === undefined) return section("Cost", note("Unknown: no AWS provider of the stack has a region."));
  const { lines, monthly, unknown, prices, assumptions, region } = estimate;
  const rows = lines.map(({ what, count, units, unit, unitPrice, monthly: each, byCluster }) => [
    byCluster ? `${what} (created by the cluster)` : what,
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
    tableMarkup(["", "Count", "Units per month", "Price", "Per month"], rows, [1, 2, 3, 4]),
    ...(unknown.length === 0
      ? []
      : [
          note("Resources of unknown price, not included in the sum:"),
          list(unknown.map((one) => `${resourceName(one.urn)} (${one.type}): ${one.why}`)),
        ]),
    note("Assumptions:"),
    list(assumed),
    note("Sources of the prices (taxes, discounts and internet traffic are not included):"),
    list(origins),
  );
}
