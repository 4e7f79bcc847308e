import type { AssumptionName, Assumptions } from "./assumptions";
import type { Micros } from "./money";
import type { PriceName } from "./price-table";
import type { Resource } from "../../lib/pulumi/resource";

/** Groups of an estimate, in the order of the output. */
export const groups = ["Machines", "Volumes", "Network", "Load balancers", "Storage", "Services"] as const;
export type ChargeGroup = (typeof groups)[number];

/** A charge of one resource. */
export interface Charge {
  readonly group: ChargeGroup;
  readonly what: string;
  readonly price: PriceName | { readonly instanceType: string; readonly spot?: { readonly highest?: Micros } };
  /** Number of the price's units (hours, GB-months, …) that one item uses in a month, such as 730 hours. */
  readonly units: number;
  /** Number of equal items for which the resource is billed, such as the zones of a load balancer. Default: 1. */
  readonly count?: number;
  /** Assumptions from which the number of units was computed. */
  readonly assumed?: readonly AssumptionName[];
}

/** The charges of a resource. A string in place of a charge is the reason why it is unknown. */
export type Charges = readonly (Charge | string)[];

/** Computes the charges for a type of resource. */
export type ComputeCharges = (resource: Resource, assumptions: Assumptions) => Charges;

/** A charge per hour for a resource that exists the whole month. */
export function hourly(group: ChargeGroup, what: string, price: PriceName, { hoursPerMonth }: Assumptions, count = 1): Charge {
  return { group, what, price, units: hoursPerMonth, count };
}

/** A charge whose quantity is the assumption `name`. */
export function assumedCharge(group: ChargeGroup, what: string, price: PriceName, name: AssumptionName, assumptions: Assumptions): Charge {
  return { group, what, price, units: assumptions[name], assumed: [name] };
}

/** A charge of the group "Services" per month. */
export function monthly(what: string, price: PriceName, count = 1): Charge {
  return { group: "Services", what, price, units: 1, count };
}
