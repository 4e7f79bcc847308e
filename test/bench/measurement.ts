/** One figure of the bench. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "s" | "MB" | "kB" | "×" | "";
  /** The maximum; the bench fails above it. Without it the figure is only shown. */
  readonly limit?: number;
  /** The parts of the figure, or how it was measured. */
  readonly note?: string;
}

/** Whether a figure keeps its limit. */
export function holds({ value, limit }: Figure): boolean {
  return limit === undefined || value <= limit;
}

/** The figure with its unit, and with as many decimals as are meaningful. */
export function format(value: number, unit: Figure["unit"]): string {
  const digits = { s: 2, "×": 2, MB: 0, kB: 0, "": 0 }[unit];
  const text = value.toFixed(digits);
  return unit === "" ? text : `${text} ${unit}`;
}

/** The figures as a table in Markdown. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    format(figure.value, figure.unit),
    figure.limit === undefined ? "" : `≤ ${format(figure.limit, figure.unit)}${holds(figure) ? "" : " **broken**"}`,
    figure.note ?? "",
  ]);
  const head = ["Figure", "Value", "Limit", "Of what"];
  const all = [head, head.map(() => "---"), ...rows];
  return all.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The median: the middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
