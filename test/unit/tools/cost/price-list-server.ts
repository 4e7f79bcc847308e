import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Some columns of a line in a price list file; the other columns have the values of an ordinary price. */
export type PriceListLine = Readonly<Record<string, string>>;

const COLUMNS = [
  ...[
    "SKU",
    "OfferTermCode",
    "RateCode",
    "TermType",
    "PriceDescription",
    "EffectiveDate",
    "StartingRange",
    "EndingRange",
    "Unit",
    "PricePerUnit",
  ],
  ...["Currency", "RelatedTo", "LeaseContractLength", "Product Family", "serviceCode", "Location", "Location Type"],
];
const INSTANCE_COLUMNS = ["Instance Type", "Tenancy", "Operating System", "Pre Installed S/W", "CapacityStatus"];
const LAST_COLUMNS = ["usageType", "operation", "Region Code", "serviceName"];

const plain: PriceListLine = {
  TermType: "OnDemand",
  StartingRange: "0",
  EndingRange: "Inf",
  Currency: "USD",
  "Location Type": "AWS Region",
};

/** A file in the form of AWS's: five lines of heading, a header, every cell in quotes. */
export function priceListFile(offer: string, lines: readonly PriceListLine[]): string {
  const columns = [...COLUMNS, ...(offer === "AmazonEC2" ? INSTANCE_COLUMNS : []), ...LAST_COLUMNS];
  const heading = [
    ["FormatVersion", "v1.0"],
    ["Disclaimer", 'This pricing list is for "informational" purposes only.\nAll prices are subject to the additional terms, too'],
    ["Publication Date", "2026-10-07T19:22:50Z"],
    ["Version", "20261007192250"],
    ["OfferCode", offer],
  ];
  const rows = lines.map((line) => columns.map((column) => ({ ...plain, ...line })[column] ?? ""));
  return [...heading, columns, ...rows].map((cells) => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")}\n`).join("");
}

/** The line with the price of an instance type. */
export const instanceRow = (type: string, price: string, changes: PriceListLine = {}): PriceListLine => ({
  ...{
    "Product Family": "Compute Instance",
    "Instance Type": type,
    Tenancy: "Shared",
    "Operating System": "Linux",
    "Pre Installed S/W": "NA",
  },
  ...{ CapacityStatus: "Used", operation: "RunInstances", usageType: `EUC1-BoxUsage:${type}`, Unit: "Hrs", PricePerUnit: price },
  ...changes,
});

export const usageRow = (usageType: string, Unit: string, PricePerUnit: string, changes: PriceListLine = {}): PriceListLine => ({
  usageType,
  Unit,
  PricePerUnit,
  ...changes,
});

/** The answer to a request: a text, or a function that writes the response. */
export type PriceListAnswer = string | ((response: ServerResponse) => void);

/** A price list on loopback. */
export class PriceListServer {
  readonly asked: string[] = [];
  private readonly server: Server;

  private constructor(private readonly answers: ReadonlyMap<string, PriceListAnswer>) {
    this.server = createServer(({ url = "" }, response) => {
      this.asked.push(url);
      const answer = this.answers.get(url);
      if (typeof answer === "function") answer(response);
      else response.writeHead(answer === undefined ? 404 : 200).end(answer ?? "<Error>NoSuchKey</Error>");
    });
  }

  /** Starts a server with the indexes and the files of a region, by offer. `others` replaces or adds answers, by path. */
  static async start(
    region: string,
    files: Readonly<Record<string, readonly PriceListLine[]>>,
    others: Readonly<Record<string, PriceListAnswer>> = {},
  ): Promise<PriceListServer> {
    const root = "/offers/v1.0/aws";
    const index = {
      formatVersion: "v1.0",
      publicationDate: "2026-10-08T00:00:00Z",
      offers: Object.fromEntries(
        Object.keys(files).map((offer) => [
          offer,
          {
            offerCode: offer,
            currentVersionUrl: `${root}/${offer}/current/index.json`,
            ...(offer !== "AmazonRoute53" && { currentRegionIndexUrl: `${root}/${offer}/current/region_index.json` }),
          },
        ]),
      ),
    };
    const answers = new Map<string, PriceListAnswer>([[`${root}/index.json`, JSON.stringify(index)]]);
    for (const [offer, lines] of Object.entries(files)) {
      const version = `${root}/${offer}/20261007192250/${region}/index`;
      const regions = { [region]: { regionCode: region, currentVersionUrl: `${version}.json` } };
      answers.set(`${root}/${offer}/current/region_index.json`, JSON.stringify({ formatVersion: "v1.0", regions }));
      answers.set(offer === "AmazonRoute53" ? `${root}/${offer}/current/index.csv` : `${version}.csv`, priceListFile(offer, lines));
    }
    const made = new PriceListServer(new Map([...answers, ...Object.entries(others)]));
    await new Promise<void>((resolve) => made.server.listen(0, "127.0.0.1", resolve));
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
