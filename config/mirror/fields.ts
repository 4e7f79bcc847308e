import { bucketProblem } from "../bucket-name";
import type { ValueProblem } from "../problem";

/** The modes of `mirror`. */
export const MIRROR_MODES = ["none", "fallback", "restricted", "air-gapped"] as const;
export type MirrorMode = (typeof MIRROR_MODES)[number];

/** Whether the nodes have no route to the internet in a mode of `mirror`. */
export function isDisconnected(mode: MirrorMode | undefined): boolean {
  return mode === "restricted" || mode === "air-gapped";
}

/** A bucket's name (Amazon S3 user guide, "Bucket naming rules") and an optional prefix without characters that need quoting. */
const ARCHIVE = /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?<prefix>(?:\/[\w.-]+)*)\/?$/;

/** Checks an S3 location. */
export function archiveProblem(location: string): ValueProblem | undefined {
  if (ARCHIVE.test(location)) {
    const problem = bucketProblem(parseArchive(location).bucket);
    return problem && { wrong: `has a bucket that ${problem.wrong}` };
  }
  if (!location.startsWith("s3://")) return { wrong: "is not an S3 location" };
  return { wrong: "is not a bucket with an optional prefix of letters, digits, dots, hyphens and underscores" };
}

/** Bucket and prefix of a location that {@link archiveProblem} accepts. The prefix has no slashes around it and may be empty. */
export function parseArchive(location: string): { readonly bucket: string; readonly prefix: string } {
  const { bucket = "", prefix = "" } = ARCHIVE.exec(location)?.groups ?? {};
  return { bucket, prefix: prefix.replace(/^\//, "") };
}
