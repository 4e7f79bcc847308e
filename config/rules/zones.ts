import { type Flaw, setItemCommand } from "../finding";
import { rule } from "../rule";

const ZONE = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}[a-z]$/;

/** Whether a text is the name of an availability zone. */
export function zoneFlaw(zone: string): Flaw | undefined {
  if (ZONE.test(zone)) return undefined;
  if (/^[a-z]{2,4}\d-az\d+$/.test(zone)) return { wrong: "is a zone's ID; its name is wanted, such as us-east-1a" };
  if (/^[a-z]{2,4}(-[a-z]+)+-\d-[a-z]/.test(zone))
    return { wrong: "is a local or wavelength zone, where neither masters nor network load balancers run" };
  return { wrong: "is not the name of an availability zone" };
}

/** The zones are of the region that the provider works in. */
export const zonesAreOfRegion = rule(["zones", "region"], ({ zones, region }) =>
  zones.flatMap((zone, index) =>
    zone.slice(0, -1) === region
      ? []
      : [
          {
            key: "zones",
            wrong: `item ${index + 1} (${JSON.stringify(zone)}) is not in the region ${region}`,
            fix: `${setItemCommand("zones", index, `${region}${zone.slice(-1)}`)}, or pulumi config set aws:region ${zone.slice(0, -1)}`,
          },
        ],
  ),
);
