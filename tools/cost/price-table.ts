import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { dollars, type Micros } from "./money";

/** Names of all prices except those of instances, and the unit of each. */
export const priceUnits = {
  "volume.gp2": "GB-month",
  "volume.gp3": "GB-month",
  "volume.gp3.iops": "IOPS-month",
  "volume.gp3.throughput": "MiB/s-month",
  "volume.io1": "GB-month",
  "volume.io1.iops": "IOPS-month",
  "volume.io2": "GB-month",
  "volume.io2.iops": "IOPS-month",
  "volume.io2.iops.tier2": "IOPS-month",
  "volume.io2.iops.tier3": "IOPS-month",
  snapshot: "GB-month",
  "nat.hour": "hour",
  "nat.gb": "GB",
  "balancer.network.hour": "hour",
  "balancer.network.lcu": "NLCU-hour",
  "balancer.application.hour": "hour",
  "balancer.application.lcu": "LCU-hour",
  "balancer.classic.hour": "hour",
  "balancer.classic.gb": "GB",
  "address.hour": "hour",
  "endpoint.hour": "hour",
  "endpoint.gb": "GB",
  bucket: "GB-month",
  key: "month",
  secret: "month",
  zone: "month",
  "log.ingestion": "GB",
  "log.storage": "GB-month",
  alarm: "month",
  fileSystem: "GB-month",
  "webAcl.acl": "month",
  "webAcl.rule": "month",
  "webAcl.requests": "million requests",
} as const;

export type PriceName = keyof typeof priceUnits;
export const priceNames = Object.keys(priceUnits) as PriceName[];

const price = z.string().regex(/^\d+\.\d{2,6}$/, "a price in US dollars with 2 to 6 decimals");
const regionPrices = z.strictObject({
  /** Date of the price list. */
  date: z.iso.date(),
  source: z.string().min(20),
  /** Price per instance type: Linux, on demand, shared tenancy; US dollars per hour. */
  instances: z.record(z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/), price),
  /** US dollars per unit. */
  services: z.partialRecord(z.enum(priceNames), price),
});

/** Schema of `prices.json`. */
export const priceTableSchema = z.strictObject({ currency: z.literal("USD"), regions: z.record(z.string(), regionPrices) });

export type RegionPrices = z.infer<typeof regionPrices>;
export type PriceTable = z.infer<typeof priceTableSchema>;

export const priceFile = join(__dirname, "prices.json");

/** Reads the committed price table, or another file of the same form. */
export function readPrices(file = priceFile): PriceTable {
  return priceTableSchema.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** Price per hour of an instance type. */
export function instancePrice(prices: RegionPrices, type: string): Micros | undefined {
  return Object.hasOwn(prices.instances, type) ? dollars(prices.instances[type]) : undefined;
}

export function servicePrice(prices: RegionPrices, name: PriceName): Micros | undefined {
  const text = prices.services[name];
  return text === undefined ? undefined : dollars(text);
}
