import { typesOf } from "../../lib/pulumi/urn";
import { type AssumptionName, assumptionNames, type Assumptions, assume } from "./assumptions";
import { type Charge, type Charges, type ChargeGroup, groups } from "./charge";
import { clusterCharges } from "./cluster";
import { costsNothing } from "./free-types";
import { exactAmount, type Micros } from "./money";
import { instancePrice, type PriceTable, priceUnits, type RegionPrices, servicePrice } from "./price-table";
import { pricedTypes } from "./priced-types";
import { type Resource, textValue } from "../../lib/pulumi/resource";

/** One line of the estimate: all charges of the same kind and price, added up. */
export interface CostLine {
  readonly group: ChargeGroup;
  readonly what: string;
  readonly region: string;
  /** Whether the cluster itself creates the resource. Such a resource is not declared, and all its quantities are assumptions. */
  readonly byCluster: boolean;
  readonly count: number;
  readonly unit: string;
  readonly unitPrice: Micros;
  /** Units per item and month. */
  readonly units: number;
  readonly monthly: Micros;
  readonly assumed: readonly AssumptionName[];
}

/** A resource with at least one charge whose price is unknown. */
export interface UnpricedResource {
  readonly urn: string;
  readonly type: string;
  readonly why: string;
}

export interface Estimate {
  readonly region: string;
  /** Source of the prices by region; no entry for a region that the table doesn't have. */
  readonly prices: Readonly<Record<string, { readonly date: string; readonly source: string }>>;
  readonly lines: readonly CostLine[];
  /** Sum of all lines; resources of unknown price are not included. */
  readonly monthly: Micros;
  readonly unknown: readonly UnpricedResource[];
  /** URNs of resources that cost something only during the installation and are not counted: the bootstrap instance, which the same update removes. */
  readonly temporary: readonly string[];
  /** The assumptions on which the lines depend. */
  readonly assumptions: Partial<Assumptions>;
}

export interface EstimateOptions {
  /** Region of the stack; a resource with its own region is priced there. */
  readonly region: string;
  readonly prices: PriceTable;
  readonly assumptions?: Partial<Assumptions>;
}

/** Estimates the cost of resources per month at list prices. The order of the resources doesn't matter. */
export function estimate(resources: readonly Resource[], options: EstimateOptions): Estimate {
  const assumptions = assume(options.assumptions);
  const lines = new Map<string, CostLine>();
  const unknown: UnpricedResource[] = [];
  const temporary: string[] = [];
  const regions = new Set<string>();

  const add = (resource: Resource, charges: Charges, byCluster: boolean): void => {
    const region = textValue(resource.inputs.region) ?? options.region;
    const miss = (why: string) => unknown.push({ urn: resource.urn, type: resource.type, why });
    for (const charge of charges) {
      if (typeof charge === "string") {
        miss(charge);
        continue;
      }
      const found = priced(charge, region);
      if (typeof found === "string") {
        miss(found);
        continue;
      }
      regions.add(region);
      addLine({ charge, region, byCluster, ...found });
    }
  };
  const priced = ({ price, what }: Charge, region: string): Priced | string => {
    const prices = Object.hasOwn(options.prices.regions, region) ? options.prices.regions[region] : undefined;
    if (prices === undefined) return `the price table has no region ${region}; make prices REGIONS=${region} adds it`;
    return unitPrice(price, prices, assumptions) ?? `the price table of ${region} has no price for ${what}`;
  };
  const addLine = ({ charge, region, byCluster, price, unit }: Priced & { charge: Charge; region: string; byCluster: boolean }): void => {
    const { group, what, units, count = 1, assumed = [] } = charge;
    const key = JSON.stringify([group, what, region, byCluster, price, units]);
    const all = (lines.get(key)?.count ?? 0) + count;
    const monthly = exactAmount(price * units * all);
    lines.set(key, { group, what, region, byCluster, count: all, unit, unitPrice: price, units, monthly, assumed });
  };

  for (const resource of resources) {
    const charging = pricedTypes.get(resource.type);
    if (isTemporary(resource)) {
      if (!costsNothing(resource.type)) temporary.push(resource.urn);
      continue;
    }
    if (charging !== undefined) add(resource, charging(resource, assumptions), false);
    else if (!costsNothing(resource.type)) add(resource, ["this type is neither in the price table nor known to be free"], false);
  }
  for (const { resource, charges } of clusterCharges(resources, assumptions)) add(resource, charges, true);

  const sorted = [...lines.values()].sort(inOrder);
  const used = new Set<AssumptionName>(sorted.flatMap(({ assumed, unit }) => [...assumed, ...(unit.endsWith("hour") ? HOURS : [])]));
  return {
    region: options.region,
    prices: Object.fromEntries([...regions].sort().map((region) => [region, origin(options.prices.regions[region])])),
    lines: sorted,
    monthly: exactAmount(sorted.reduce((sum, { monthly }) => sum + monthly, 0)),
    unknown: unknown.sort((one, other) => compareTexts(one.urn, other.urn) || compareTexts(one.why, other.why)),
    temporary: temporary.sort(compareTexts),
    assumptions: Object.fromEntries(assumptionNames.filter((name) => used.has(name)).map((name) => [name, assumptions[name]])),
  };
}

/** Whether a resource belongs to the bootstrap instance, judging by its parents' types in its URN. */
function isTemporary({ urn }: Resource): boolean {
  return typesOf(urn).slice(0, -1).includes("okd:machines:Bootstrap");
}

const HOURS: readonly AssumptionName[] = ["hoursPerMonth"];

interface Priced {
  readonly price: Micros;
  readonly unit: string;
}

function unitPrice(price: Charge["price"], prices: RegionPrices, { spotPercent }: Assumptions): Priced | undefined {
  if (typeof price === "string") {
    const found = servicePrice(prices, price);
    return found === undefined ? undefined : { price: found, unit: priceUnits[price] };
  }
  const onDemand = instancePrice(prices, price.instanceType);
  if (onDemand === undefined) return undefined;
  if (price.spot === undefined) return { price: onDemand, unit: "hour" };
  // A spot instance never costs more than its maximum price.
  const spot = Math.floor((onDemand * spotPercent + 50) / 100);
  return { price: Math.min(spot, price.spot.highest ?? Infinity), unit: "hour" };
}

const origin = ({ date, source }: RegionPrices) => ({ date, source });

/** Compares by code point, independent of the locale. */
const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function inOrder(one: CostLine, other: CostLine): number {
  return (
    Number(one.byCluster) - Number(other.byCluster) ||
    groups.indexOf(one.group) - groups.indexOf(other.group) ||
    compareTexts(one.what, other.what) ||
    compareTexts(one.region, other.region) ||
    one.units - other.units ||
    one.unitPrice - other.unitPrice
  );
}
