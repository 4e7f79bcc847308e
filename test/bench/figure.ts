/** One figure of the bench, and the limit that it is held to, if there is one. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "s" | "MB" | "kB" | "×" | "";
  /** The figure must not be greater. */
  readonly limit?: number;
  /** What it is made of, or how it was measured. */
  readonly note?: string;
}

/** Whether a figure keeps its limit. */
export function holds({ value, limit }: Figure): boolean {
  return limit === undefined || value <= limit;
}

/** The figure with as many digits as mean something. */
export function format(value: number, unit: Figure["unit"]): string {
  const digits = { s: 2, "×": 2, MB: 0, kB: 0, "": 0 }[unit];
  const text = value.toFixed(digits);
  return unit === "" ? text : `${text} ${unit}`;
}

/** Figures as a table in Markdown, which reads well in a terminal, too. */
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

/** The middle one of some values; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
