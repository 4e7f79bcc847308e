import { distance } from "fastest-levenshtein";
import type { ValueProblem } from "./problem";
import { partitionOf } from "./partition";
import { RHCOS_REGIONS } from "./releases/regions";

/** A region code, for example us-east-1, us-gov-west-1, ap-southeast-5. */
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;
const ALLOWED = "a region code, such as us-east-1";

/**
 * Words in a region code between its area and its number (AWS General Reference, "AWS regions"; aws-sdk `partitions.json`). Areas and
 * numbers are not checked, because AWS adds new ones.
 */
const PARTITION_WORDS: readonly string[] = ["gov", "iso", "isob", "isoe", "isof"];
const DIRECTIONS: readonly string[] = ["north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest"];

/** Maximum edit distance between a wrong region and a suggestion; this project's choice. */
const MAX_EDITS = 3;

/** The regions in which boot images are published: all regions of the commercial partition and of GovCloud when the lists were read. */
const KNOWN: readonly string[] = [...new Set(Object.values(RHCOS_REGIONS).flat())];

/** Whether the program knows a region. AWS may have newer ones. */
export function isKnownRegion(region: string): boolean {
  return KNOWN.includes(region);
}

/** The command that sets the region of a stack. */
export function setRegionCommand(region = "us-east-1"): string {
  return `pulumi config set aws:region ${region}`;
}

/**
 * Partitions in which AMIs for OpenShift and OKD are published (openshift/installer, data/data/coreos). An AMI can be copied to any region
 * of its own partition, but to no other partition.
 */
const PARTITIONS_WITH_IMAGES: readonly string[] = ["aws", "aws-us-gov"];

/** Checks a region code. */
export function approvedRegionProblem(region: string): ValueProblem | undefined {
  if (isRegionCode(region)) return undefined;
  const nearest = nearestRegion(region);
  return { wrong: `is not a region${suggestion(nearest)}`, ...(nearest !== undefined && { instead: nearest }) };
}

/** Checks the region of the cluster. */
export function regionProblem(region: string | undefined): ValueProblem | undefined {
  if (region === undefined || region === "") return { wrong: "is not set", allowed: ALLOWED, fix: setRegionCommand() };
  if (isRegionCode(region.slice(0, -1)) && /[a-z]$/.test(region)) {
    return { wrong: "is an availability zone, not a region", allowed: ALLOWED, fix: setRegionCommand(region.slice(0, -1)) };
  }
  if (!isRegionCode(region)) {
    const nearest = nearestRegion(region);
    return { wrong: `is not a region${suggestion(nearest)}`, allowed: ALLOWED, fix: setRegionCommand(nearest) };
  }
  if (!PARTITIONS_WITH_IMAGES.includes(partitionOf(region).name)) {
    return {
      wrong: "is a region in which no AMI for OpenShift or OKD is published, and to which none can be copied",
      allowed: "a region of the commercial partition or of GovCloud",
      fix: setRegionCommand(),
    };
  }
  return undefined;
}

/** Whether a text has the form of a region code and consists of words that AWS uses. */
function isRegionCode(text: string): boolean {
  if (!REGION.test(text)) return false;
  const [area = "", ...words] = text.split("-").slice(0, -1);
  const direction = words.pop() ?? "";
  // A region code of the European sovereign cloud contains the country: eusc-de-east-1.
  return DIRECTIONS.includes(direction) && (area === "eusc" || words.every((word) => PARTITION_WORDS.includes(word)));
}

function suggestion(nearest: string | undefined): string {
  return nearest === undefined ? "" : `; did you mean ${nearest}?`;
}

function nearestRegion(text: string): string | undefined {
  const written = text.trim().toLowerCase().replaceAll("_", "-").replaceAll(" ", "-");
  const ranked = KNOWN.map((known) => ({ known, edits: distance(written, known) }));
  const nearest = ranked.reduce((best, next) => (next.edits < best.edits ? next : best));
  return nearest.edits <= MAX_EDITS ? nearest.known : undefined;
}
