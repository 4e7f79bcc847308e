import { type Finding, type Flaw, setItemCommand } from "../finding";
import { rule } from "../rule";
import { isKnownRegion, setRegionCommand } from "./region";

const ZONE = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}[a-z]$/;

/** Whether a text is the name of an availability zone. */
export function zoneFlaw(zone: string): Flaw | undefined {
  if (ZONE.test(zone)) return undefined;
  if (/^[a-z]{2,4}\d-az\d+$/.test(zone)) return { wrong: "is a zone's ID; its name is wanted, such as us-east-1a" };
  if (/^[a-z]{2,4}(-[a-z]+)+-\d-[a-z]/.test(zone))
    return { wrong: "is a local or wavelength zone, where neither masters nor network load balancers run" };
  return { wrong: "is not the name of an availability zone" };
}

/** The zones are in the region that the provider works in. One wrong region is one problem, however many zones there are. */
export const zonesAreOfRegion = rule(["zones", "region"], ({ zones, region }) => {
  const regions = [...new Set(zones.map((zone) => zone.slice(0, -1)))];
  const other = regions.length === 1 && zones.length > 1 ? regions.find((each) => each !== region) : undefined;
  if (other !== undefined) return [otherRegion(zones, region, other)];
  return zones.flatMap((zone, index) =>
    zone.slice(0, -1) === region
      ? []
      : [
          {
            key: "zones",
            wrong: `item ${index + 1} (${JSON.stringify(zone)}) is not in the region ${region}`,
            fix: `${setItemCommand("zones", index, `${region}${zone.slice(-1)}`)}, or ${setRegionCommand(zone.slice(0, -1))}`,
          },
        ],
  );
});

/** All zones are in one region, and the provider works in another. */
function otherRegion(zones: readonly string[], region: string, other: string): Finding {
  if (isKnownRegion(other) && !isKnownRegion(region)) {
    return {
      key: "aws:region",
      wrong: `is not a region that this program knows, and all zones are in ${other}`,
      allowed: "the region of the zones",
      fix: setRegionCommand(other),
    };
  }
  const commands = zones.map((zone, index) => setItemCommand("zones", index, `${region}${zone.slice(-1)}`));
  return {
    key: "zones",
    wrong: `are in ${other}, but aws:region is ${region}`,
    fix: `${setRegionCommand(other)}, or ${commands.join(" && ")}`,
  };
}
