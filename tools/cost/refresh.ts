import { renameSync, rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readPriceList, type RegionRead } from "./price-list/read";
import { priceFile, priceTableSchema, readPrices, type PriceTable, type RegionPrices } from "./price-table";
import { runCommand } from "../../lib/run-main";

export const usage = `Updates the price table from AWS's public price list.

  make prices [REGIONS=<region>,<region>]     default: the regions that the table has

or npx tsx tools/cost/refresh.ts [--regions <region>,...]
  --table <file>     the table; default: tools/cost/prices.json
  --base-url <url>   URL of the price list; default: https://pricing.us-east-1.amazonaws.com
  --timeout <seconds>  longest time without data; default: 60
  --dry-run          read and compare, write nothing
  --json             print the result as JSON

It needs no credentials. A region's files have hundreds of megabytes; none is kept, on disk or in memory.
The table is written when everything was read, or not at all. Regions that aren't named stay as they are.
Exit code 0: written, or with --dry-run read; 1: failed, and the table is unchanged; 2: wrong arguments.
`;

/** The arguments of the command line. */
export interface Arguments {
  readonly regions: readonly string[];
  readonly table: string;
  readonly baseUrl: string;
  readonly timeoutSeconds: number;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Reads the arguments; returns an error message if they are wrong. */
export function readArguments(args: readonly string[]): Arguments | string {
  const text = { type: "string", default: "" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    const options = { regions: text, table: text, "base-url": text, timeout: text, "dry-run": flag, json: flag };
    const { values } = parseArgs({ args: [...args], options });
    const regions = values.regions.split(/[\s,]+/).filter((region) => region !== "");
    const wrong = regions.find((region) => !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region));
    if (wrong !== undefined) return `${JSON.stringify(wrong)} is not a region; write it like eu-central-1`;
    const timeoutSeconds = Number(values.timeout || 60);
    if (!(timeoutSeconds > 0)) return `--timeout must be a number of seconds, not ${values.timeout}`;
    const baseUrl = (values["base-url"] || "https://pricing.us-east-1.amazonaws.com").replace(/\/$/, "");
    if (!/^https?:\/\/[^/]+/.test(baseUrl))
      return `--base-url must be a URL such as https://pricing.us-east-1.amazonaws.com, not ${baseUrl}`;
    return { regions, table: values.table || priceFile, baseUrl, timeoutSeconds, dryRun: values["dry-run"], json: values.json };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The changes of a region's prices. */
interface Change {
  readonly region: string;
  readonly date: string;
  readonly prices: number;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly gone: readonly string[];
  readonly missing: readonly string[];
}

async function run(asked: Arguments): Promise<number> {
  const old = readPrices(asked.table);
  const regions = asked.regions.length > 0 ? asked.regions : Object.keys(old.regions);
  const today = new Date().toISOString().slice(0, 10);
  const read = await readPriceList(regions, today, { ...asked, progress: progress() });
  const table = priceTableSchema.parse({ ...old, regions: sortRegions({ ...old.regions, ...pricesOf(read) }) });
  if (!asked.dryRun) replace(asked.table, table);
  const changes = [...read].map(([region, one]) =>
    change(region, Object.hasOwn(old.regions, region) ? old.regions[region] : undefined, one),
  );
  process.stdout.write(
    asked.json ? `${JSON.stringify({ written: !asked.dryRun, regions: changes }, undefined, 2)}\n` : changes.map(line).join(""),
  );
  return 0;
}

function pricesOf(read: ReadonlyMap<string, RegionRead>): Record<string, RegionPrices> {
  return Object.fromEntries([...read].map(([region, { prices }]) => [region, prices]));
}

function sortRegions(regions: PriceTable["regions"]): PriceTable["regions"] {
  return Object.fromEntries(Object.entries(regions).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Replaces the table atomically: after an interruption the file has either the old or the new content. */
function replace(file: string, table: PriceTable): void {
  const next = `${file}.${process.pid}.new`;
  try {
    writeFileSync(next, `${JSON.stringify(table, undefined, 2)}\n`);
    renameSync(next, file);
  } finally {
    rmSync(next, { force: true });
  }
}

function change(region: string, old: RegionPrices | undefined, { prices, missing }: RegionRead): Change {
  const before: Readonly<Record<string, string | undefined>> = { ...old?.instances, ...old?.services };
  const after: Readonly<Record<string, string | undefined>> = { ...prices.instances, ...prices.services };
  return {
    region,
    date: prices.date,
    prices: Object.keys(after).length,
    added: Object.keys(after).filter((name) => before[name] === undefined),
    changed: Object.keys(after).filter((name) => before[name] !== undefined && before[name] !== after[name]),
    gone: Object.keys(before).filter((name) => after[name] === undefined),
    missing,
  };
}

function line({ region, date, prices, added, changed, gone, missing }: Change): string {
  const lacks = missing.length > 0 ? `; not in the list, or not unambiguously: ${missing.join(", ")}` : "";
  return `${region}, ${date}: ${prices} prices, ${added.length} new, ${changed.length} changed, ${gone.length} removed${lacks}\n`;
}

/** Prints the progress of downloads on standard error. */
function progress(): (file: string, bytes: number) => void {
  let last = { file: "", at: 0 };
  return (file, bytes) => {
    const at = Date.now();
    if (file === last.file && at - last.at < 5000) return;
    last = { file, at };
    process.stderr.write(`${file}: ${(bytes / 1e6).toFixed(1)} MB\n`);
  };
}

if (require.main === module) {
  runCommand({ usage, readArguments, run });
}
