import type { StoredRelease, ReleaseRequest } from "./request";

/** The command's output. The next run of the command reads the last configured release from it. */
export function storedReleaseText({ version, image, force }: ReleaseRequest): string {
  return JSON.stringify({ version, image, force });
}

/**
 * @param text output of an earlier run. The first versions of this program wrote only the release's version. For such a text, image and force are
 * taken from the configuration, so they count as unchanged.
 */
export function parseStoredRelease(text: string, { image, force }: ReleaseRequest): StoredRelease {
  return text.startsWith("{") ? (JSON.parse(text) as StoredRelease) : { version: text, image, force };
}
