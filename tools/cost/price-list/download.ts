import { Readable } from "node:stream";
import { z } from "zod";
import { globalOffers, type Offer } from "./wanted";

export interface PriceListSource {
  readonly baseUrl: string;
  /** Maximum number of seconds to wait for an answer, or for the next part of an answer. */
  readonly timeoutSeconds: number;
  /** Called with the number of bytes of a file that have arrived. */
  readonly progress: (file: string, bytes: number) => void;
}

const offerIndex = z.object({
  offers: z.record(z.string(), z.object({ currentVersionUrl: z.string(), currentRegionIndexUrl: z.string().optional() })),
});
const regionIndex = z.object({ regions: z.record(z.string(), z.object({ currentVersionUrl: z.string() })) });

/** Finds the price list's files in its indexes (docs.aws.amazon.com, "Reading the service index file", "Service Region index file"). */
export class PriceList {
  private index?: z.infer<typeof offerIndex>;
  private readonly regions = new Map<string, z.infer<typeof regionIndex>>();

  constructor(private readonly source: PriceListSource) {}

  /** Path of an offer's CSV file for a region. */
  async path(offer: Offer, region: string): Promise<string> {
    this.index ??= offerIndex.parse(await this.json("/offers/v1.0/aws/index.json"));
    const entry = Object.hasOwn(this.index.offers, offer) ? this.index.offers[offer] : undefined;
    if (entry === undefined)
      throw new Error(`AWS's price list has no offer ${offer}: check whether AWS has renamed it, and correct wanted.ts`);
    if (globalOffers.has(offer)) return csv(entry.currentVersionUrl);
    const url = entry.currentRegionIndexUrl;
    if (url === undefined)
      throw new Error(`AWS's price list has no prices of ${offer} by region: check whether AWS has changed the offer's format`);
    const index = this.regions.get(url) ?? regionIndex.parse(await this.json(url));
    this.regions.set(url, index);
    const found = Object.hasOwn(index.regions, region) ? index.regions[region] : undefined;
    if (found === undefined)
      throw new Error(
        `AWS's price list has no prices of ${offer} for the region ${region}: check its name, or remove it from REGIONS and from the price table`,
      );
    return csv(found.currentVersionUrl);
  }

  /**
   * Downloads a file as a stream. The stream fails if no data arrives within the timeout, or if the file is shorter than the server
   * announced.
   */
  async open(path: string): Promise<Readable> {
    const { baseUrl, timeoutSeconds, progress } = this.source;
    const controller = new AbortController();
    const late = () => {
      controller.abort(new Error(`no data for ${timeoutSeconds} seconds`));
    };
    let timer = setTimeout(late, timeoutSeconds * 1000);
    try {
      const response = await fetch(new URL(path, baseUrl), { signal: controller.signal });
      if (!response.ok || response.body === null) throw new Error(`the server answered ${response.status} ${response.statusText}`);
      const body = Readable.fromWeb(response.body);
      let bytes = 0;
      const watched = async function* () {
        try {
          for await (const piece of body as AsyncIterable<Buffer>) {
            clearTimeout(timer);
            timer = setTimeout(late, timeoutSeconds * 1000);
            progress(path, (bytes += piece.length));
            yield piece;
          }
        } catch (error) {
          throw failure(path, error);
        } finally {
          clearTimeout(timer);
        }
      };
      return Readable.from(watched(), { objectMode: false });
    } catch (error) {
      clearTimeout(timer);
      throw failure(path, error);
    }
  }

  private async json(path: string): Promise<unknown> {
    const pieces: Buffer[] = [];
    for await (const piece of (await this.open(path)) as AsyncIterable<Buffer>) pieces.push(piece);
    try {
      return JSON.parse(Buffer.concat(pieces).toString("utf8")) as unknown;
    } catch (error) {
      throw new Error(`${path} is not JSON`, { cause: error });
    }
  }
}

/** The path of a file's CSV form. Each file exists as JSON and as CSV; CSV can be read row by row during the download. */
const csv = (path: string) => path.replace(/\.json$/, ".csv");

/** Adds the reason of a failed connection to the message: Node.js has it only in the error's cause. */
function failure(path: string, error: unknown): Error {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return new Error(`${path}: ${message}${cause instanceof Error ? ` (${cause.message})` : ""}`, { cause: error });
}
