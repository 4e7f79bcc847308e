import type { AssumptionName, Assumptions } from "./assumptions";
import type { Micros } from "./money";
import type { PriceName } from "./price-table";
import type { Resource } from "./resource";

/** Parts of an estimate, in the order in which it is shown. */
export const groups = ["Machines", "Volumes", "Network", "Load balancers", "Storage", "Services"] as const;
export type Group = (typeof groups)[number];

/** Something that one resource costs. */
export interface Charge {
  readonly group: Group;
  readonly what: string;
  readonly price: PriceName | { readonly instanceType: string; readonly spot?: { readonly highest?: Micros } };
  /** Units of the price in a month, of each piece. */
  readonly units: number;
  /** How many of them the resource has. */
  readonly count?: number;
  /** What the number of units was taken from. */
  readonly assumed?: readonly AssumptionName[];
}

/** What a resource costs; a text in place of a charge says why it isn't known. */
export type Charges = readonly (Charge | string)[];

/** The charges of a type of resource. */
export type Charging = (resource: Resource, assumptions: Assumptions) => Charges;

/** A resource's hours: it stands all month. */
export function hourly(group: Group, what: string, price: PriceName, { hoursPerMonth }: Assumptions, count = 1): Charge {
  return { group, what, price, units: hoursPerMonth, count };
}

/** A quantity that is assumed. */
export function assumed(group: Group, what: string, price: PriceName, name: AssumptionName, assumptions: Assumptions): Charge {
  return { group, what, price, units: assumptions[name], assumed: [name] };
}

/** A thing with a price a month. */
export function monthly(group: Group, what: string, price: PriceName, count = 1): Charge {
  return { group, what, price, units: 1, count };
}
