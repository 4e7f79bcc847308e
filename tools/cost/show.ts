import { assumptionNames, assumptionTable } from "./assumptions";
import type { Comparison } from "./compare";
import type { CostLine, Estimate, UnpricedResource } from "./estimate";
import { differenceText, moneyText, priceText } from "./money";

export type TextFormat = "terminal" | "markdown";

const COLUMNS = ["", "count", "units per month", "price", "per month"] as const;

/** Formats an estimate. */
export function showEstimate(one: Estimate, form: TextFormat): string {
  const declared = one.lines.filter(({ byCluster }) => !byCluster);
  const byCluster = one.lines.filter((line) => line.byCluster);
  const rows = [...declared.map((line) => lineRow(line)), ...byCluster.map((line) => lineRow(line, " (created by the cluster)"))];
  return paragraphs([
    `About ${moneyText(one.monthly)} a month in ${one.region}${one.unknown.length > 0 ? `, plus resources of unknown price (${one.unknown.length}, below)` : ""}`,
    table([COLUMNS, ...rows, ["Sum", "", "", "", moneyText(one.monthly)]], form),
    unknownList("Resources of unknown price, not included in the sum:", one.unknown, form),
    one.temporary.length > 0
      ? `Not counted, because the installation removes it: the bootstrap instance with its resources (${one.temporary.length})`
      : "",
    footnotes([one], form),
  ]);
}

/** Formats a comparison: the cost before and after, and the differences. */
export function showComparison(plan: Comparison, form: TextFormat): string {
  const { before, after, difference, changes, newUnknown, goneUnknown } = plan;
  const rows = changes.map(({ line, countBefore, countAfter, difference: money }) => [
    `${line.what}${place(line, after.region)}${line.byCluster ? " (created by the cluster)" : ""}`,
    `${countBefore} → ${countAfter}`,
    differenceText(money),
  ]);
  return paragraphs([
    `${differenceText(difference)} a month: ${moneyText(before.monthly)} before, ${moneyText(after.monthly)} after`,
    rows.length > 0 ? table([["", "count", "per month"], ...rows], form) : "",
    unknownList("New resources of unknown price:", newUnknown, form),
    unknownList("Removed resources of unknown price:", goneUnknown, form),
    footnotes([before, after], form),
  ]);
}

function lineRow(line: CostLine, note = ""): string[] {
  const { what, count, units, unit, unitPrice, monthly, region } = line;
  return [`${what}${place(line, region)}${note}`, String(count), `${units} × ${unit}`, `$${priceText(unitPrice)}`, moneyText(monthly)];
}

/** The region of a line, if it is not that of the stack. */
function place(line: CostLine, region: string): string {
  return line.region === region ? "" : `, ${line.region}`;
}

function unknownList(title: string, unknown: readonly UnpricedResource[], form: TextFormat): string {
  if (unknown.length === 0) return "";
  const item = ({ urn, type, why }: UnpricedResource) => `${urn.split("::").at(-1) ?? urn} (${type}): ${why}`;
  const lines = unknown.map((one) => (form === "markdown" ? `- ${escapeMarkdown(item(one))}` : `  ${item(one)}`));
  return [form === "markdown" ? `${title}\n` : title, ...lines].join("\n");
}

function footnotes(estimates: readonly Estimate[], form: TextFormat): string {
  const used = new Set(estimates.flatMap(({ assumptions }) => Object.keys(assumptions)));
  const values = Object.assign({}, ...estimates.map(({ assumptions }) => assumptions)) as Readonly<Record<string, number>>;
  const assumptions = assumptionNames
    .filter((name) => used.has(name))
    .map((name) => `${name} = ${values[name]} ${assumptionTable[name].unit}: ${assumptionTable[name].meaning}`);
  const origins = Object.entries(Object.assign({}, ...estimates.map(({ prices }) => prices)) as Estimate["prices"]).map(
    ([region, { date, source }]) => `${region}, ${date}: ${source}`,
  );
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0
      ? ""
      : [
          form === "markdown" ? `${title}\n` : title,
          ...lines.map((line) => (form === "markdown" ? `- ${escapeMarkdown(line)}` : `  ${line}`)),
        ].join("\n");
  return paragraphs([
    section("Assumed:", assumptions),
    section("List prices without taxes, discounts and internet traffic:", origins),
  ]).trimEnd();
}

function table(rows: readonly (readonly string[])[], form: TextFormat): string {
  const [header, ...body] = rows;
  if (form === "markdown") {
    const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
    return [line(header), `|${header.map((_, column) => (column === 0 ? "---|" : "---:|")).join("")}`, ...body.map(line)].join("\n");
  }
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}

/** Escapes Markdown: users choose the names of resources. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#@~]/g, "\\$&").replace(/\r?\n/g, " ");
}

function paragraphs(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
