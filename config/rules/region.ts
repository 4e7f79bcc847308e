import { distance } from "fastest-levenshtein";
import type { Flaw } from "../finding";
import { partitionOf } from "../partition";
import { RHCOS_REGIONS } from "../releases/regions";

/** For example us-east-1, us-gov-west-1, ap-southeast-5. */
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;
const ALLOWED = "the region's code, such as us-east-1";

/**
 * The words of a region's code between its area and its number (AWS General Reference, "AWS regions"; aws-sdk `partitions.json`). Areas and numbers are left
 * open: AWS adds to them.
 */
const PARTITION_WORDS: readonly string[] = ["gov", "iso", "isob", "isoe", "isof"];
const DIRECTIONS: readonly string[] = ["north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest"];

/** Edits between a wrong region and the one that was probably meant, at most. This project's choice. */
const MOST_EDITS = 3;

/** The regions that the boot images name: all of the commercial partition and of GovCloud when they were read. */
const KNOWN: readonly string[] = [...new Set(Object.values(RHCOS_REGIONS).flat())];

/** Whether the program knows a region by name. AWS may have newer ones. */
export function isKnownRegion(region: string): boolean {
  return KNOWN.includes(region);
}

/** The command that sets the region of a stack. */
export function setRegionCommand(region = "us-east-1"): string {
  return `pulumi config set aws:region ${region}`;
}

/**
 * Partitions in which machine images of OpenShift and OKD are published (openshift/installer, data/data/coreos); an image can be copied to any region of
 * its own partition, and to no other.
 */
const PARTITIONS_WITH_IMAGES: readonly string[] = ["aws", "aws-us-gov"];

/** Whether a text looks like a region's code. */
export function approvedRegionFlaw(region: string): Flaw | undefined {
  if (isRegionsCode(region)) return undefined;
  const nearest = nearestRegion(region);
  return { wrong: `is not a region${suggestion(nearest)}`, ...(nearest !== undefined && { instead: nearest }) };
}

/** Whether a text can be the region of a cluster. */
export function regionFlaw(region: string | undefined): Flaw | undefined {
  if (region === undefined || region === "") return { wrong: "is not set", allowed: ALLOWED, fix: setRegionCommand() };
  if (isRegionsCode(region.slice(0, -1)) && /[a-z]$/.test(region)) {
    return { wrong: "is an availability zone, not a region", allowed: ALLOWED, fix: setRegionCommand(region.slice(0, -1)) };
  }
  if (!isRegionsCode(region)) {
    const nearest = nearestRegion(region);
    return { wrong: `is not a region${suggestion(nearest)}`, allowed: ALLOWED, fix: setRegionCommand(nearest) };
  }
  if (!PARTITIONS_WITH_IMAGES.includes(partitionOf(region).name)) {
    return {
      wrong: "is a region where no machine image of OpenShift or OKD is published, and to which none can be copied",
      allowed: "a region of the commercial partition or of GovCloud",
      fix: setRegionCommand(),
    };
  }
  return undefined;
}

/** Whether a text is built like a region's code, of words that AWS uses in them. */
function isRegionsCode(text: string): boolean {
  if (!REGION.test(text)) return false;
  const [area = "", ...words] = text.split("-").slice(0, -1);
  const direction = words.pop() ?? "";
  // The European sovereign cloud names the country: eusc-de-east-1.
  return DIRECTIONS.includes(direction) && (area === "eusc" || words.every((word) => PARTITION_WORDS.includes(word)));
}

function suggestion(nearest: string | undefined): string {
  return nearest === undefined ? "" : `: did you mean ${nearest}?`;
}

function nearestRegion(text: string): string | undefined {
  const written = text.trim().toLowerCase().replaceAll("_", "-").replaceAll(" ", "-");
  const ranked = KNOWN.map((known) => ({ known, edits: distance(written, known) }));
  const nearest = ranked.reduce((best, next) => (next.edits < best.edits ? next : best));
  return nearest.edits <= MOST_EDITS ? nearest.known : undefined;
}
