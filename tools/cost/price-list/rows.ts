import { pipeline, type Readable } from "node:stream";
import { parse } from "csv-parse";

/** The columns that are read, with their names in the price list's files. */
const COLUMNS = {
  term: "TermType",
  start: "StartingRange",
  unit: "Unit",
  price: "PricePerUnit",
  currency: "Currency",
  usage: "usageType",
  operation: "operation",
  locationType: "Location Type",
} as const;

/** Columns that only the files with instances have. */
const INSTANCE_COLUMNS = {
  family: "Product Family",
  instanceType: "Instance Type",
  tenancy: "Tenancy",
  system: "Operating System",
  software: "Pre Installed S/W",
  capacity: "CapacityStatus",
} as const;

type Column = keyof typeof COLUMNS | keyof typeof INSTANCE_COLUMNS;
/** A row of the list. A column that the file doesn't have is empty. */
export type PriceListRow = Readonly<Record<Column, string>>;

/** The metadata above the header row. */
export interface Heading {
  /** Publication date of the list in ISO form. */
  readonly published: string;
  readonly version: string;
}

/**
 * Reads a price list file (CSV; docs.aws.amazon.com, "Reading the price list files") row by row, however large it is.
 *
 * @returns the metadata above the header, after all rows are read.
 * @throws Error if the file isn't a price list file, lacks a column, or is cut off.
 */
export async function eachRow(
  file: Readable,
  name: string,
  columns: "all" | "services",
  take: (row: PriceListRow) => void,
): Promise<Heading> {
  const wanted: Readonly<Record<string, string>> = columns === "all" ? { ...COLUMNS, ...INSTANCE_COLUMNS } : COLUMNS;
  const records = parse({ relax_column_count: true, skip_empty_lines: true });
  const heading = new Map<string, string>();
  let header: readonly string[] | undefined;
  let places: readonly [column: string, place: number][] = [];
  let rows = 0;
  try {
    // An error of `file` or of `records` ends the loop with that error.
    for await (const cells of pipeline(file, records, () => undefined) as AsyncIterable<readonly string[]>) {
      if (header === undefined) {
        if (cells[0] === "SKU") {
          header = cells;
          places = Object.entries(wanted).map(([column, title]) => [
            column,
            cells.findIndex((cell) => cell.toLowerCase() === title.toLowerCase()),
          ]);
          const missing = places.filter(([, place]) => place < 0).map(([column]) => wanted[column]);
          if (missing.length > 0) throw new Error(`it has no column ${missing.join(", ")}`);
        } else if (cells.length === 2 && heading.size < 20) {
          heading.set(cells[0], cells[1]);
        } else {
          throw new Error("it doesn't begin like a price list file");
        }
        continue;
      }
      if (cells.length !== header.length)
        throw new Error(`a row has ${cells.length} cells instead of ${header.length}: the file is cut off or damaged`);
      rows += 1;
      take({ ...EMPTY, ...Object.fromEntries(places.map(([column, place]) => [column, cells[place]])) });
    }
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const published = heading.get("Publication Date") ?? "";
  if (rows === 0 || !/^\d{4}-\d\d-\d\dT/.test(published))
    throw new Error(`${name}: it has no prices, or no publication date; it is cut off, or not a price list`);
  return { published, version: heading.get("Version") ?? "" };
}

const EMPTY: PriceListRow = {
  ...{ term: "", start: "", unit: "", price: "", currency: "", usage: "", operation: "", locationType: "" },
  ...{ family: "", instanceType: "", tenancy: "", system: "", software: "", capacity: "" },
};
