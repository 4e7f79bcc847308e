import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { compare } from "../../../../tools/cost/compare";
import { estimate } from "../../../../tools/cost/estimate";
import { costsNothing } from "../../../../tools/cost/free-types";
import { differenceText, dollars, moneyText, priceText } from "../../../../tools/cost/money";
import { instancePrice, priceNames, priceTableSchema, readPrices } from "../../../../tools/cost/price-table";
import { pricedTypes } from "../../../../tools/cost/priced-types";
import type { Resource } from "../../../../lib/pulumi/resource";
import { instanceResource, made, prices } from "./fixture";

const cost = (resources: readonly Resource[]) => estimate(resources, { region: "us-east-1", prices });

describe("an amount of money", () => {
  test.each([
    ["0.096", 96_000, "0.096"],
    ["1", 1_000_000, "1.00"],
    ["0.0000004999", 0, "0.00"],
    ["0.0000005", 1, "0.000001"],
    ["21.9576420000", 21_957_642, "21.957642"],
    ["0.50", 500_000, "0.50"],
  ])("is read and written exactly: %s", (text, micros, written) => {
    expect(dollars(text)).toBe(micros);
    expect(priceText(micros)).toBe(written);
  });

  test.each(["", "-1", "1e3", "0,5", ".5", "$1", "1."])("is not read from %p", (text) => {
    expect(() => dollars(text)).toThrow("is not a price");
  });

  test("is rounded to the cent only when it is shown", () => {
    expect([4999, 5000, 1_234_567_895_000, 0].map(moneyText)).toEqual(["$0.00", "$0.01", "$1,234,567.90", "$0.00"]);
    expect([-5000, -4999, 70_080_000].map(differenceText)).toEqual(["-$0.01", "+$0.00", "+$70.08"]);
  });

  test("is refused if a number cannot hold it exactly", () => {
    expect(() => cost([made("aws:ebs/volume:Volume", "v", { type: "gp3", size: Number.MAX_SAFE_INTEGER })])).toThrow(
      "can't be counted exactly",
    );
  });
});

describe("the resource types of a cost estimate", () => {
  const root = join(__dirname, "..", "..", "..", "..");
  const urns = readFileSync(join(root, "test/golden/dev-urns.txt"), "utf8").trim().split("\n");
  const tokens = readFileSync(join(root, "sandbox/toolchain/go/pulumi-resource-aws/tokens.txt"), "utf8").trim().split("\n");
  const ofStack = urns.map((urn) => urn.split("::")[2].split("$").at(-1) ?? "");
  const ofProvider = tokens.filter((line) => !line.startsWith("data.")).map((line) => line.split(" ")[1]);

  test("include all types that the program uses", () => {
    const all = new Set([...ofStack, ...ofProvider]);
    expect(all.size).toBeGreaterThan(100);
    expect([...all].filter((type) => !pricedTypes.has(type) && !costsNothing(type))).toEqual([]);
  });

  test("are not both priced and free, and exist in the AWS provider", () => {
    expect([...pricedTypes.keys()].filter(costsNothing)).toEqual([]);
    expect([...pricedTypes.keys()].filter((type) => !ofProvider.includes(type))).toEqual([]);
  });
});

describe("the cost of random resources", () => {
  const resource = fc.oneof(
    fc
      .record({ instanceType: fc.constantFrom("m6i.large", "r7g.large", "none.large"), spot: fc.boolean() })
      .map(({ instanceType, spot }) => instanceResource("m", { instanceType, ...(spot && { instanceMarketOptions: {} }) })),
    fc
      .record({
        type: fc.constantFrom("gp2", "gp3", "io1", "io2", "st1"),
        size: fc.integer({ min: 1, max: 16_384 }),
        iops: fc.integer({ min: 100, max: 256_000 }),
      })
      .map((inputs) => made("aws:ebs/volume:Volume", "v", inputs)),
    fc
      .constantFrom("aws:ec2/eip:Eip", "aws:kms/key:Key", "aws:rds/instance:Instance", "okd:installer:Installation")
      .map((type) => made(type, "o")),
  );
  /** URNs are unique in a stack. */
  const resources = fc.array(resource, { maxLength: 12 }).map((all) => all.map((one, place) => ({ ...one, urn: `${one.urn}-${place}` })));

  test("is the same in each order", () => {
    fc.assert(
      fc.property(
        resources.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([some, shuffled]) => {
          expect(cost(shuffled)).toEqual(cost(some));
        },
      ),
    );
  });

  test("has a difference that is the cost after minus the cost before, and the sum of the lines' differences", () => {
    fc.assert(
      fc.property(resources, resources, (before, after) => {
        const found = compare({ before, after }, { region: "us-east-1", prices });
        expect(found.difference).toBe(cost(after).monthly - cost(before).monthly);
        expect(found.changes.reduce((sum, { difference }) => sum + difference, 0)).toBe(found.difference);
      }),
    );
  });
});

describe("the committed table of prices", () => {
  const table = readPrices();

  test("has the common regions with date and source, and the instance types of the examples", () => {
    const wanted = ["us-east-1", "us-east-2", "us-west-2", "eu-central-1", "eu-west-1", "ap-southeast-1"];
    expect(wanted.filter((region) => !(region in table.regions))).toEqual([]);
    for (const region of wanted) {
      const { date, instances } = table.regions[region];
      expect(date).toMatch(/^20\d\d-\d\d-\d\d$/);
      for (const type of ["m5.large", "m6i.xlarge", "m6i.2xlarge", "m6g.large", "c6i.8xlarge", "r6i.4xlarge", "t3.large"]) {
        expect([region, type, instances[type]]).toEqual([region, type, expect.stringMatching(/^\d+\.\d{2,6}$/)]);
      }
    }
    expect(Object.keys(table.regions["us-east-1"].services).sort()).toEqual([...priceNames].sort());
  });

  test("has plausible prices: twice the size costs twice as much, and regions differ at most by a factor of two", () => {
    for (const prices_ of Object.values(table.regions)) {
      for (const family of new Set(Object.keys(prices_.instances).flatMap((type) => /^[cmr][5-7][a-z]?(?=\.)/.exec(type) ?? []))) {
        const [one, two] = ["xlarge", "2xlarge"].map((size) => instancePrice(prices_, `${family}.${size}`) ?? 0);
        // AWS rounds some prices to four decimals.
        expect(Math.abs(two - 2 * one)).toBeLessThanOrEqual(200);
        expect(two).toBeGreaterThan(0);
      }
      const [here, there] = [prices_, table.regions["us-east-1"]].map((some) => instancePrice(some, "m6i.large") ?? 0);
      expect(here / there).toBeLessThan(2);
    }
  });

  test.each([
    ["a price as a number", { "m5.large": 0.096 }],
    ["a negative price", { "m5.large": "-0.096" }],
    ["a price that is not exact", { "m5.large": "0.0961234567" }],
    ["an invalid instance type", { m5: "0.096" }],
  ])("is checked by a schema that refuses %s", (_, instances) => {
    const region = { date: "2025-01-01", source: "AWS's public price list", instances, services: {} };
    expect(priceTableSchema.safeParse({ currency: "USD", regions: { "us-east-1": region } }).success).toBe(false);
    const right = { ...region, instances: { "m5.large": "0.096" } };
    expect(priceTableSchema.safeParse({ currency: "USD", regions: { "us-east-1": right } }).success).toBe(true);
  });
});
