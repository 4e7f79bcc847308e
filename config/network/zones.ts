import { type KeyProblem, type ValueProblem, setItemCommand } from "../finding";
import { rule } from "../rule";
import { isKnownRegion, setRegionCommand } from "../region";

const ZONE = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}[a-z]$/;

/** Checks the name of an availability zone. */
export function zoneProblem(zone: string): ValueProblem | undefined {
  if (ZONE.test(zone)) return undefined;
  if (/^[a-z]{2,4}\d-az\d+$/.test(zone)) return { wrong: "is the ID of a zone, but its name is needed, such as us-east-1a" };
  if (/^[a-z]{2,4}(-[a-z]+)+-\d-[a-z]/.test(zone))
    return { wrong: "is a local or wavelength zone, which can have neither a control plane nor network load balancers" };
  return { wrong: "is not the name of an availability zone" };
}

/** The zones must be in the provider's region. If all zones are in the same other region, this is one problem. */
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

/** The problem if all zones are in one region, and the provider is in another. */
function otherRegion(zones: readonly string[], region: string, other: string): KeyProblem {
  if (isKnownRegion(other) && !isKnownRegion(region)) {
    return {
      key: "aws:region",
      wrong: `is unknown to this program, and all zones are in ${other}`,
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
