import { Collector, type Collected } from "./collect";
import { PriceList, type PriceListSource } from "./download";
import { eachRow, type Heading } from "./rows";
import { type Offer, offers } from "./wanted";
import type { RegionPrices } from "../price-table";

/** A region's prices, and the names that the list doesn't have. */
export interface RegionRead {
  readonly prices: RegionPrices;
  readonly missing: Collected["missing"];
}

/**
 * Reads the prices of several regions from AWS's price list, one file after the other, without storing the files. After an error no
 * region's prices are returned.
 */
export async function readPriceList(regions: readonly string[], today: string, source: PriceListSource): Promise<Map<string, RegionRead>> {
  const list = new PriceList(source);
  const read = new Map<string, RegionRead>();
  // Finds the paths of all regions first, so that a wrong region is reported before gigabytes are downloaded.
  const paths = new Map<string, Map<Offer, string>>();
  for (const region of regions) {
    const ofRegion = new Map<Offer, string>();
    for (const offer of offers) ofRegion.set(offer, await list.path(offer, region));
    paths.set(region, ofRegion);
  }
  for (const [region, ofRegion] of paths) {
    const collector = new Collector();
    const headings = new Map<Offer, Heading>();
    for (const [offer, path] of ofRegion) {
      const columns = offer === "AmazonEC2" ? "all" : "services";
      headings.set(
        offer,
        await eachRow(await list.open(path), path, columns, (row) => {
          collector.take(offer, row);
        }),
      );
    }
    const { instances, services, missing } = collector.result();
    if (Object.keys(instances).length === 0)
      throw new Error(`AWS's price list has no instance for ${region}: check whether AWS has changed the format of the price list`);
    const { published = "", version = "" } = headings.get("AmazonEC2") ?? {};
    const prices = {
      date: published.slice(0, 10),
      source: `AWS's public price list, ${source.baseUrl}/offers/v1.0/aws/index.json, read on ${today}; AmazonEC2's version ${version}`,
      instances,
      services,
    };
    read.set(region, { prices, missing });
  }
  return read;
}
