/** One measurement of the bench. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: "s" | "ms" | "MB" | "kB" | "×" | "";
  /** The maximum; the bench fails if the value is higher. Without a limit the measurement is only shown. */
  readonly limit?: number;
  /** The parts of the value, or the method of the measurement. */
  readonly note?: string;
}

/** Whether a measurement keeps its limit. */
export function isWithinLimit({ value, limit }: Measurement): boolean {
  return limit === undefined || value <= limit;
}

/** The measurement with its unit, and with as many decimals as are meaningful. */
export function format(value: number, unit: Measurement["unit"]): string {
  const digits = { s: 2, ms: 1, "×": 2, MB: 0, kB: 0, "": 0 }[unit];
  const text = value.toFixed(digits);
  return unit === "" ? text : `${text} ${unit}`;
}

/** The measurements as a table in Markdown. */
export function table(measurements: readonly Measurement[]): string {
  const rows = measurements.map((measurement) => [
    measurement.name,
    format(measurement.value, measurement.unit),
    measurement.limit === undefined
      ? ""
      : `≤ ${format(measurement.limit, measurement.unit)}${isWithinLimit(measurement) ? "" : " **broken**"}`,
    measurement.note ?? "",
  ]);
  const head = ["Measurement", "Value", "Limit", "Details"];
  const all = [head, head.map(() => "---"), ...rows];
  return all.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The median: the middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
