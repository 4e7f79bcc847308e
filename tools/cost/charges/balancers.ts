import { assumedCharge, type Charges, type ComputeCharges, hourly } from "../charge";
import type { Assumptions } from "../assumptions";
import { listValue, propertyValue, recordValue, textValue } from "../../../lib/pulumi/resource";

export type PricedBalancerType = "network" | "application" | "classic";

const NAMES = { network: "Network", application: "Application", classic: "Classic" } as const;

/** The charges of a load balancer. A public load balancer has an address in every zone. */
export function balancerCharges(type: PricedBalancerType, publicZones: number, assumptions: Assumptions): Charges {
  const name = `${NAMES[type]} load balancers`;
  return [
    hourly("Load balancers", name, `balancer.${type}.hour`, assumptions),
    type === "classic"
      ? assumedCharge("Load balancers", `${name}, data`, "balancer.classic.gb", "classicGb", assumptions)
      : capacity(type, name, assumptions),
    ...(publicZones > 0 ? [hourly("Network", "Public IPv4 addresses", "address.hour", assumptions, publicZones)] : []),
  ];
}

function capacity(type: "network" | "application", name: string, assumptions: Assumptions) {
  const assumption = type === "network" ? "networkLcu" : "applicationLcu";
  return {
    group: "Load balancers",
    what: `${name}, capacity units`,
    price: `balancer.${type}.lcu`,
    units: assumptions[assumption] * assumptions.hoursPerMonth,
    assumed: [assumption],
  } as const;
}

/** The charges of a Network or Application Load Balancer. An Elastic IP assigned to it is a separate resource. */
export const loadBalancerCharges: ComputeCharges = (resource, assumptions) => {
  const type = textValue(propertyValue(resource, "loadBalancerType")) ?? "application";
  if (type !== "network" && type !== "application") return [`load balancers of type ${type} are not in the price table`];
  if (propertyValue(resource, "internal") === true) return balancerCharges(type, 0, assumptions);
  const { subnets, subnetMappings } = resource.inputs;
  const zones = Array.isArray(subnetMappings)
    ? listValue(subnetMappings).filter((mapping) => recordValue(mapping)?.allocationId === undefined).length
    : Array.isArray(subnets)
      ? subnets.length
      : undefined;
  if (zones === undefined)
    return [...balancerCharges(type, 0, assumptions), "the zones of the public load balancer, and so its addresses, aren't known"];
  return balancerCharges(type, zones, assumptions);
};
