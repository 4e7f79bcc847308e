import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PriceTable, readPrices } from "../../../../tools/cost/price-table";
import { readArguments } from "../../../../tools/cost/refresh";
import { usageWithoutRegion } from "../../../../tools/cost/price-list/wanted";
import { prices } from "./fixture";
import { type PriceListAnswer, instanceRow, type PriceListLine, priceListFile, PriceListServer, usageRow } from "./price-list-server";

const region = "eu-central-1";
const elb = (operation: string, hour: string, more: readonly PriceListLine[]): PriceListLine[] => [
  usageRow("EUC1-LoadBalancerUsage", "Hrs", hour, { operation }),
  ...more.map((line) => ({ ...line, operation })),
];

/** The prices of a region in the price list, and prices that could be mistaken for them. */
const files: Readonly<Record<string, readonly PriceListLine[]>> = {
  AmazonEC2: [
    instanceRow("m6i.2xlarge", "0.4600000000"),
    instanceRow("m6i.2xlarge", "0.3100000000", { TermType: "Reserved", PurchaseOption: "No Upfront" }),
    instanceRow("m6i.2xlarge", "0.8280000000", { "Operating System": "Windows", operation: "RunInstances:0002" }),
    instanceRow("m6i.2xlarge", "0.5600000000", { operation: "RunInstances:0010", "Operating System": "RHEL" }),
    instanceRow("m6i.2xlarge", "0.9400000000", { "Pre Installed S/W": "SQL Std", operation: "RunInstances:0200" }),
    instanceRow("m6i.2xlarge", "0.5060000000", { Tenancy: "Dedicated" }),
    instanceRow("m6i.2xlarge", "0.0000000000", { CapacityStatus: "AllocatedCapacityReservation" }),
    instanceRow("m6i.2xlarge", "0.4600000000", { CapacityStatus: "UnusedCapacityReservation" }),
    instanceRow("m6i.2xlarge", "0.5980000000", { "Location Type": "AWS Local Zone", usageType: "EUC1-HAM1-BoxUsage:m6i.2xlarge" }),
    instanceRow("m7g.large", "0.0978000000"),
    instanceRow("t3.micro", "0.0120000000"),
    instanceRow("mac2.metal", "0.7000000000"),
    instanceRow("m6i.metal", "7.3600000000", { "Product Family": "Compute Instance (bare metal)" }),
    usageRow("EUC1-EBS:VolumeUsage.gp3", "GB-Mo", "0.0952000000"),
    usageRow("EUC1-HAM1-EBS:VolumeUsage.gp3", "GB-Mo", "0.1500000000", { "Location Type": "AWS Local Zone" }),
    usageRow("EUC1-EBS:VolumeUsage.gp2", "GB-Mo", "0.1190000000"),
    usageRow("EUC1-EBS:VolumeP-IOPS.gp3", "IOPS-Mo", "0.0000000000", { EndingRange: "3000" }),
    usageRow("EUC1-EBS:VolumeP-IOPS.gp3", "IOPS-Mo", "0.0060000000", { StartingRange: "3000" }),
    usageRow("EUC1-EBS:VolumeP-Throughput.gp3", "GiBps-mo", "48.7424000000"),
    usageRow("EUC1-EBS:VolumeUsage.piops", "GB-Mo", "0.1490000000"),
    usageRow("EUC1-EBS:VolumeP-IOPS.piops", "IOPS-Mo", "0.0780000000"),
    usageRow("EUC1-EBS:VolumeUsage.io2", "GB-month", "0.1490000000"),
    usageRow("EUC1-EBS:VolumeP-IOPS.io2", "IOPS-Mo", "0.0780000000"),
    usageRow("EUC1-EBS:VolumeP-IOPS.io2.tier2", "IOPS-Mo", "0.0546000000"),
    usageRow("EUC1-EBS:VolumeP-IOPS.io2.tier3", "IOPS-Mo", "0.0382200000"),
    usageRow("EUC1-EBS:SnapshotUsage", "GB-Mo", "0.0540000000"),
    usageRow("EUC1-EBS:SnapshotUsage.outposts", "GB-Mo", "0.1000000000"),
    usageRow("EUC1-NatGateway-Hours", "Hrs", "0.0520000000"),
    usageRow("EUC1-RegionalNatGateway-Hours", "Hrs", "0.0990000000"),
    usageRow("EUC1-NatGateway-Bytes", "GB", "0.0520000000"),
  ],
  AmazonVPC: [
    usageRow("EUC1-PublicIPv4:InUseAddress", "Hrs", "0.0050000000"),
    usageRow("EUC1-VpcEndpoint-Hours", "Hrs", "0.0120000000"),
    usageRow("EUC1-VpcEndpoint-Bytes", "GB", "0.0040000000", { StartingRange: "5242880" }),
    usageRow("EUC1-VpcEndpoint-Bytes", "GB", "0.0100000000", { EndingRange: "1048576" }),
  ],
  AWSELB: [
    ...elb("LoadBalancing:Network", "0.0270000000", [usageRow("EUC1-LCUUsage", "LCU-Hrs", "0.0060000000")]),
    ...elb("LoadBalancing:Application", "0.0271000000", [usageRow("EUC1-LCUUsage", "LCU-Hrs", "0.0080000000")]),
    ...elb("LoadBalancing", "0.0300000000", [usageRow("EUC1-DataProcessing-Bytes", "GB", "0.0081000000")]),
    usageRow("EUC1-TS-LoadBalancerUsage", "Hrs", "0.0055000000", { operation: "LoadBalancing:Application" }),
  ],
  AmazonS3: [
    usageRow("EUC1-TimedStorage-ByteHrs", "GB-Mo", "0.0225000000", { StartingRange: "512000" }),
    usageRow("EUC1-TimedStorage-ByteHrs", "GB-Mo", "0.0245000000", { EndingRange: "51200" }),
    usageRow("EUC1-TimedStorage-SIA-ByteHrs", "GB-Mo", "0.0135000000"),
  ],
  awskms: [usageRow("eu-central-1-KMS-Keys", "Keys", "1.0000000000")],
  AWSSecretsManager: [usageRow("EUC1-AWSSecretsManager-Secrets", "Secrets", "0.4000000000")],
  AmazonRoute53: [
    usageRow("HostedZone", "HostedZone", "0.5000000000", { "Location Type": "Other", EndingRange: "25" }),
    usageRow("HostedZone", "HostedZone", "0.1000000000", { "Location Type": "Other", StartingRange: "25" }),
  ],
  AmazonCloudWatch: [
    usageRow("EUC1-DataProcessing-Bytes", "GB", "0.6300000000"),
    usageRow("EUC1-TimedStorage-ByteHrs", "GB-Mo", "0.0324000000"),
    usageRow("EUC1-CW:AlarmMonitorUsage", "Alarms", "0.1000000000"),
    usageRow("EUC1-CW:HighResAlarmMonitorUsage", "Alarms", "0.3000000000"),
  ],
  // Two different prices with the same name, so the price is not known.
  AmazonEFS: [
    usageRow("EUC1-TimedStorage-ByteHrs", "GB-Mo", "0.3600000000"),
    usageRow("EUC1-TimedStorage-ByteHrs", "GB-Mo", "0.4300000000"),
  ],
  awswaf: [
    usageRow("EUC1-WebACLV2", "Month", "5.0000000000"),
    usageRow("EUC1-RuleV2", "Month", "1.0000000000"),
    usageRow("EUC1-RequestV2-Tier1", "Request", "0.0000006000"),
  ],
};

const directory = mkdtempSync(join(tmpdir(), "prices-"));
const table = join(directory, "prices.json");
const before = `${JSON.stringify(prices)}\n`;
beforeEach(() => {
  writeFileSync(table, before);
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly asked: readonly string[];
}

/** Runs the command against a price list on loopback. */
async function refresh(args: readonly string[], others: Readonly<Record<string, PriceListAnswer>> = {}): Promise<Result> {
  const server = await PriceListServer.start(region, files, others);
  try {
    const program = ["-r", "ts-node/register/transpile-only", "tools/cost/refresh.ts", "--table", table, "--base-url", server.url];
    const child = spawn(process.execPath, [...program, ...args]);
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, ...output, asked: server.asked };
  } finally {
    await server.stop();
  }
}

const file = (offer: string) => `/offers/v1.0/aws/${offer}/20261007192250/${region}/index.csv`;

// Each test starts a separate program.
jest.setTimeout(60_000);

test("the prices of a region are read from the price list, and similar lines are ignored", async () => {
  const { code, stdout, stderr } = await refresh(["--regions", region, "--json"]);
  expect([code, stderr.includes(`${file("AmazonEC2")}: 0.0 MB`)]).toEqual([0, true]);
  const after = readPrices(table).regions;
  const read = after[region];
  expect({ ...after, [region]: undefined }).toEqual({ ...prices.regions, [region]: undefined });
  expect(read.date).toBe("2026-10-07");
  expect(read.source).toMatch(
    /^AWS's public price list, http:\/\/127\.0\.0\.1:\d+\/offers\/v1\.0\/aws\/index\.json, read on 20\d\d-\d\d-\d\d; AmazonEC2's version 20261007192250$/,
  );
  expect(read.instances).toEqual({ "m6i.2xlarge": "0.46", "m6i.metal": "7.36", "m7g.large": "0.0978" });
  expect(read.services).toEqual({
    ...{ "volume.gp2": "0.119", "volume.gp3": "0.0952", "volume.gp3.iops": "0.006", "volume.gp3.throughput": "0.0476" },
    ...{ "volume.io1": "0.149", "volume.io1.iops": "0.078", "volume.io2": "0.149", "volume.io2.iops": "0.078" },
    ...{ "volume.io2.iops.tier2": "0.0546", "volume.io2.iops.tier3": "0.03822", snapshot: "0.054", "nat.hour": "0.052", "nat.gb": "0.052" },
    ...{ "balancer.network.hour": "0.027", "balancer.network.lcu": "0.006", "balancer.application.hour": "0.0271" },
    ...{ "balancer.application.lcu": "0.008", "balancer.classic.hour": "0.03", "balancer.classic.gb": "0.0081" },
    ...{ "address.hour": "0.005", "endpoint.hour": "0.012", "endpoint.gb": "0.01", bucket: "0.0245", key: "1.00", secret: "0.40" },
    ...{ zone: "0.50", "log.ingestion": "0.63", "log.storage": "0.0324", alarm: "0.10" },
    ...{ "webAcl.acl": "5.00", "webAcl.rule": "1.00", "webAcl.requests": "0.60" },
  });
  const { written, regions } = JSON.parse(stdout) as { written: boolean; regions: Record<string, unknown>[] };
  expect([written, regions]).toEqual([
    true,
    [
      expect.objectContaining({
        region,
        prices: 35,
        gone: ["m6i.large"],
        changed: ["balancer.classic.gb"],
        missing: ["fileSystem"],
        date: "2026-10-07",
      }),
    ],
  ]);
  expect(readdirSync(directory)).toEqual(["prices.json"]);
});

test("a dry run reports changed prices and writes nothing", async () => {
  const { code, stdout } = await refresh(["--regions", region, "--dry-run"]);
  expect([code, stdout]).toEqual([
    0,
    "eu-central-1, 2026-10-07: 35 prices, 22 new, 1 changed, 1 removed; not in the list, or not unambiguously: fileSystem\n",
  ]);
  expect(readFileSync(table, "utf8")).toBe(before);
});

/** Makes the server send only the beginning of a file, as if it were the whole file. */
const cutOff = (offer: string, where: (text: string) => number) => (): Readonly<Record<string, PriceListAnswer>> => {
  const text = priceListFile(offer, files[offer]);
  return { [file(offer)]: text.slice(0, where(text)) };
};

test.each<[string, () => Readonly<Record<string, PriceListAnswer>>, string]>([
  [
    "a missing file",
    () => ({ [file("awswaf")]: (response) => response.writeHead(404).end() }),
    `${file("awswaf")}: the server answered 404 Not Found`,
  ],
  [
    "an error of the server",
    () => ({ [file("AmazonEC2")]: (response) => response.writeHead(503).end() }),
    "the server answered 503 Service Unavailable",
  ],
  ["a file that ends within quotes", cutOff("AmazonVPC", (text) => text.length - 2), "Quote Not Closed"],
  ["a file that ends within a row", cutOff("AmazonEC2", (text) => text.lastIndexOf(",")), "the file is cut off or damaged"],
  ["a file with only a heading", cutOff("AmazonS3", (text) => text.indexOf('"SKU"')), "it has no prices, or no publication date"],
  [
    "a connection that ends before the announced length",
    () => ({
      [file("AmazonEC2")]: (response) => {
        const text = priceListFile("AmazonEC2", files.AmazonEC2);
        response.writeHead(200, { "content-length": String(text.length) }).write(text.slice(0, 2000), () => response.destroy());
      },
    }),
    file("AmazonEC2"),
  ],
  [
    "a server that stops sending",
    () => ({
      [file("AmazonEC2")]: (response) => response.writeHead(200).write('"FormatVersion","v1.0"\n'),
    }),
    "no data for 1 seconds",
  ],
  [
    "another format",
    () => ({ [file("AmazonEC2")]: priceListFile("AmazonEC2", []).replace('"Tenancy"', '"Tenant"') }),
    "it has no column Tenancy",
  ],
  [
    "a file that is not a price list",
    () => ({ [file("AmazonEC2")]: "<html>\n<p>Sign in, please</p>\n" }),
    "it doesn't begin like a price list file",
  ],
  ["an invalid index", () => ({ "/offers/v1.0/aws/index.json": "<html>" }), "/offers/v1.0/aws/index.json is not JSON"],
])("the refresh fails and keeps the table: %s", async (name, others, message) => {
  const { code, stdout, stderr } = await refresh(["--regions", region, "--timeout", name.includes("stops sending") ? "1" : "30"], others());
  expect(stderr).toContain(message);
  expect([code, stdout, readFileSync(table, "utf8"), readdirSync(directory)]).toEqual([1, "", before, ["prices.json"]]);
});

test("an unknown region is reported before prices are downloaded, and nothing is written", async () => {
  const { code, stderr, asked } = await refresh(["--regions", `${region},eu-nowhere-1`]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("AWS's price list has no prices of AmazonEC2 for the region eu-nowhere-1")]);
  expect(asked.filter((path) => path.endsWith(".csv"))).toEqual([]);
  expect(readFileSync(table, "utf8")).toBe(before);
});

test("only the region's prefix is removed from a usage type", () => {
  const same = ["TS-LoadBalancerUsage", "BOS1-EBS:VolumeUsage.gp3", "RegionalNatGateway-Hours", "LCUUsage", "HostedZone"];
  const found = ["USE1-TS-LoadBalancerUsage", "USE1-BOS1-EBS:VolumeUsage.gp3", "EU-RegionalNatGateway-Hours", "LCUUsage", "HostedZone"];
  expect(found.map(usageWithoutRegion)).toEqual(same);
  expect(["us-gov-west-1-KMS-Keys", "UGW1-KMS-Keys", "EU-KMS-Keys", "APS3-KMS-Keys"].map(usageWithoutRegion)).toEqual(
    Array(4).fill("KMS-Keys"),
  );
});

test("the refresh's arguments are parsed, and wrong ones are reported", () => {
  expect(readArguments(["--regions", "eu-west-1, us-east-1", "--base-url", "http://127.0.0.1:1/", "--dry-run"])).toMatchObject({
    ...{ regions: ["eu-west-1", "us-east-1"], baseUrl: "http://127.0.0.1:1", timeoutSeconds: 60, dryRun: true, json: false },
  });
  expect(readArguments(["--regions", "frankfurt"])).toBe('"frankfurt" is not a region; write it like eu-central-1');
  expect(readArguments(["--timeout", "soon"])).toBe("--timeout must be a number of seconds, not soon");
  expect(readArguments(["--base-url", "prices"])).toContain("--base-url must be a URL");
  expect(readArguments(["eu-west-1"])).toContain("eu-west-1");
});

test("the committed price table is formatted as the refresh writes it", () => {
  const committed: PriceTable = readPrices();
  expect(readFileSync("tools/cost/prices.json", "utf8")).toBe(`${JSON.stringify(committed, undefined, 2)}\n`);
});
