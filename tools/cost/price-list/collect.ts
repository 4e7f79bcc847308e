import { dollars, type Micros, priceText } from "../money";
import { type PriceName, priceNames } from "../price-table";
import type { PriceListRow } from "./rows";
import { isWantedInstance, type Offer, usageWithoutRegion, wantedPrices } from "./wanted";

/** The prices found for one name, for the lowest quantity (`from`) that isn't free. */
interface Found {
  readonly from: number;
  readonly prices: ReadonlySet<Micros>;
}

/** The prices in a region's files. */
export interface Collected {
  readonly instances: Readonly<Record<string, string>>;
  readonly services: Partial<Record<PriceName, string>>;
  /** Names for which the list has no price, or several different prices. */
  readonly missing: readonly string[];
}

/** Collects the table's prices from a region's files, without keeping the rows. */
export class Collector {
  private readonly found = new Map<string, Found>();

  /** Processes a row of an offer's file. */
  take(offer: Offer, row: PriceListRow): void {
    // Rows of a global service have no region.
    if (row.term !== "OnDemand" || row.currency !== "USD" || !["AWS Region", "Other", ""].includes(row.locationType)) return;
    if (offer === "AmazonEC2" && isPlainLinux(row)) this.add(`instance ${row.instanceType}`, row, 1);
    const usage = usageWithoutRegion(row.usage);
    for (const name of PRICE_NAMES_BY_OFFER_AND_USAGE.get(`${offer} ${usage}`) ?? []) {
      const { operation, factor = 1 } = wantedPrices[name];
      if (operation === undefined || operation === row.operation) this.add(name, row, factor * unitFactor(row.unit));
    }
  }

  result(): Collected {
    const prices = new Map(
      [...this.found].flatMap(([name, { prices: some }]): [string, string][] =>
        some.size === 1 ? [...some].map((one) => [name, priceText(one)]) : [],
      ),
    );
    const instances = [...prices]
      .filter(([name]) => name.startsWith("instance "))
      .map(([name, text]): [string, string] => [name.slice("instance ".length), text]);
    const services = priceNames.flatMap((name): [PriceName, string][] => {
      const text = prices.get(name);
      return text === undefined ? [] : [[name, text]];
    });
    const ambiguous = [...this.found].filter(([, { prices: some }]) => some.size > 1).map(([name]) => name);
    return {
      instances: Object.fromEntries(instances.sort(([one], [other]) => (one < other ? -1 : 1))),
      services: Object.fromEntries(services),
      missing: [...new Set([...priceNames.filter((name) => !prices.has(name)), ...ambiguous])],
    };
  }

  /** Ignores a price of 0, which stands for a free quantity or a free first month; another row has the price. */
  private add(name: string, { price, start }: PriceListRow, factor: number): void {
    if (!/^\d+(\.\d+)?$/.test(price)) throw new Error(`${JSON.stringify(price)} is not a price for ${name}`);
    const micros = dollars((Number(price) * factor).toFixed(7));
    const from = Number(start || 0);
    const { from: lowest, prices } = this.found.get(name) ?? { from: Infinity, prices: new Set<Micros>() };
    if (micros === 0 || from > lowest) return;
    this.found.set(name, { from, prices: from < lowest ? new Set([micros]) : new Set([...prices, micros]) });
  }
}

const PRICE_NAMES_BY_OFFER_AND_USAGE = new Map<string, PriceName[]>();
for (const name of priceNames) {
  const { offer, usage } = wantedPrices[name];
  const key = `${offer} ${usage}`;
  PRICE_NAMES_BY_OFFER_AND_USAGE.set(key, [...(PRICE_NAMES_BY_OFFER_AND_USAGE.get(key) ?? []), name]);
}

/**
 * Whether a row has the price of an instance with Linux on shared hardware, without paid software. Rows with the price of an unused capacity
 * reservation do not count.
 */
function isPlainLinux(row: PriceListRow): boolean {
  return (
    row.family.startsWith("Compute Instance") &&
    row.system === "Linux" &&
    row.tenancy === "Shared" &&
    row.software === "NA" &&
    row.capacity === "Used" &&
    row.operation === "RunInstances" &&
    isWantedInstance(row.instanceType)
  );
}

/** Throughput is listed per GiB/s, but the table has it per MiB/s. */
function unitFactor(unit: string): number {
  return /^gi?bps/i.test(unit) ? 1 / 1024 : 1;
}
