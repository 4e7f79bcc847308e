import type { Distribution } from "./distribution";
import { type BootImages, OKD_IMAGES } from "./images";
import { compareMinors, isAtLeast, type Minor, type MinorName, minorNamed } from "./minor";
import type { FactSource, SourcedFact } from "./source";
import { type Feature, type MinorRelease, NEWEST, TABLE } from "./table";

/**
 * The rows that apply to a minor release: its own row and all older rows. For a release that is older than the table, only the first row.
 */
function rowsUpTo(minor: Minor): readonly MinorRelease[] {
  const rows = TABLE.filter(({ name }) => isAtLeast(minor, name));
  return rows.length > 0 ? rows : TABLE.slice(0, 1);
}

/** Whether a minor release is newer than {@link NEWEST}. The program then uses the facts of the last rows. */
export function isNewerThanTable(minor: Minor): boolean {
  return compareMinors(minor, minorNamed(NEWEST)) > 0;
}

/** Names of the capabilities of a minor release. */
export function capabilitiesOf(minor: Minor): string[] {
  return rowsUpTo(minor).flatMap(({ capabilities }) => capabilities?.value ?? []);
}

/** IAM actions of the control plane instances. */
export function masterActions(minor: Minor): string[] {
  return rowsUpTo(minor).flatMap((row) => row.masterActions?.value ?? []);
}

/** IAM actions that the components of a release may request with credentialsMode manual. */
export function componentActions(minor: Minor): string[] {
  return rowsUpTo(minor).flatMap((row) => row.componentActions?.value ?? []);
}

/** The boot images of a release. */
export function bootImages(distribution: Distribution, minor: Minor): SourcedFact<BootImages> {
  const newest = rowsUpTo(minor).findLast(({ images }) => images?.[distribution] !== undefined)?.images?.[distribution];
  // Only OKD has no images in the first rows of the table: its images start with 4.16.
  return newest ?? OKD_IMAGES["4.16"];
}

/** A fact that applies to a release. */
export interface UsedFact {
  readonly subject: string;
  readonly source: FactSource;
}

/** All facts of the table that this program uses for a release. */
export function factsUsed(distribution: Distribution, minor: Minor): readonly UsedFact[] {
  const entries = rowsUpTo(minor).flatMap((row) => [
    { subject: "The capabilities", fact: row.capabilities },
    { subject: "The IAM actions of the control plane", fact: row.masterActions },
    { subject: "The IAM actions of the components", fact: row.componentActions },
    ...Object.entries(row.features ?? {}).map(([feature, fact]) => ({ subject: `The conditions of ${feature}`, fact })),
  ]);
  return [...entries, { subject: "The boot images", fact: bootImages(distribution, minor) }].flatMap(({ subject, fact }) =>
    fact === undefined ? [] : [{ subject, source: fact.source }],
  );
}

/** The minor release of oc-mirror to use for a release. */
export function ocMirrorFor(minor: Minor): MinorName {
  return rowsUpTo(minor).at(-1)?.ocMirror ?? NEWEST;
}

/** The first minor release with a feature. */
export function sinceOf(feature: Feature): MinorName {
  const row = TABLE.find(({ features }) => features?.[feature] !== undefined);
  if (row === undefined) throw new Error(`no minor release has the feature ${feature}`);
  return row.name;
}

/** Whether a minor release has a feature. */
export function hasFeature(minor: Minor, feature: Feature): boolean {
  return isAtLeast(minor, sinceOf(feature));
}
