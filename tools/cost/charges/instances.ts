import { type Charges, type ComputeCharges, hourly } from "../charge";
import { dollars } from "../money";
import { propertyValue, recordValue, type Resource, textValue } from "../../../lib/pulumi/resource";
import { instanceVolumeCharges } from "./volumes";

/** The charges of an instance, its volumes, and its automatic public address. An Elastic IP is a separate resource. */
export const instanceCharges: ComputeCharges = (resource, assumptions) => [
  ...runningMachine(resource, assumptions.hoursPerMonth),
  ...instanceVolumeCharges(resource, assumptions),
  ...(propertyValue(resource, "associatePublicIpAddress") === true
    ? [hourly("Network", "Public IPv4 addresses", "address.hour", assumptions)]
    : []),
];

function runningMachine(resource: Resource, units: number): Charges {
  const instanceType = textValue(propertyValue(resource, "instanceType"));
  if (instanceType === undefined) return ["the instance type isn't known"];
  const tenancy = textValue(propertyValue(resource, "tenancy")) ?? "default";
  if (tenancy !== "default") return [`instances of tenancy ${tenancy} are not in the price table`];
  const market = recordValue(resource.inputs.instanceMarketOptions);
  const spot = market !== undefined && (market.marketType ?? "spot") === "spot";
  if (market !== undefined && !spot) return [`instances of the market ${String(market.marketType)} are not in the price table`];
  if (!spot) return [{ group: "Machines", what: `${instanceType}, on demand`, price: { instanceType }, units }];
  const highest = textValue(recordValue(market.spotOptions)?.maxPrice);
  return [
    {
      group: "Machines",
      what: `${instanceType}, spot`,
      price: { instanceType, spot: highest === undefined ? {} : { highest: dollars(highest) } },
      units,
      assumed: ["spotPercent"],
    },
  ];
}
