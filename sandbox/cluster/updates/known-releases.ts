import { readFileSync } from "node:fs";

/** A release that the sandbox's update service and registries know. */
export interface KnownRelease {
  readonly version: string;
  readonly image: string;
  /** Whether the signature of the release's digest verifies with the running release's key; "unreachable" if the signature stores do not answer. */
  readonly signed: boolean | "unreachable";
  /** Versions from which the update service offers an update to this release. */
  readonly offeredFrom?: readonly string[];
  /** The reason why the update service advises against updating to this release: reason and message of the condition Recommended=False. */
  readonly risk?: { readonly reason: string; readonly message: string };
}

/** Reads the releases from a file with a JSON list; none if the file does not exist. */
export function readKnownReleases(file: string): readonly KnownRelease[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as KnownRelease[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
