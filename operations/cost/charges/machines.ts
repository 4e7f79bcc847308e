import { type Charges, type Charging, hourly } from "../charge";
import { dollars } from "../money";
import { property, record, type Resource, text } from "../resource";
import { machineVolumes } from "./volumes";

/** A machine, its volumes, and the public address that its subnet or declaration gives it; an Elastic IP is a resource of its own. */
export const machine: Charging = (resource, assumptions) => [
  ...runningMachine(resource, assumptions.hoursPerMonth),
  ...machineVolumes(resource, assumptions),
  ...(property(resource, "associatePublicIpAddress") === true
    ? [hourly("Network", "Public IPv4 addresses", "address.hour", assumptions)]
    : []),
];

function runningMachine(resource: Resource, units: number): Charges {
  const instanceType = text(property(resource, "instanceType"));
  if (instanceType === undefined) return ["the machine's type isn't known"];
  const tenancy = text(property(resource, "tenancy")) ?? "default";
  if (tenancy !== "default") return [`machines of tenancy ${tenancy} have no price here`];
  const market = record(resource.inputs.instanceMarketOptions);
  const spot = market !== undefined && (market.marketType ?? "spot") === "spot";
  if (market !== undefined && !spot) return [`machines of the market ${String(market.marketType)} have no price here`];
  if (!spot) return [{ group: "Machines", what: `${instanceType}, on demand`, price: { instanceType }, units }];
  const highest = text(record(market.spotOptions)?.maxPrice);
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
