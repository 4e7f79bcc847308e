import type { StoredRelease, ReleaseRequest } from "./request";

/** The command's output, from which its next run knows the last configured release. */
export function storedReleaseText({ version, image, force }: ReleaseRequest): string {
  return JSON.stringify({ version, image, force });
}

/** @param text output of an earlier run. In the first versions of this program it was only the version; then image and force count as unchanged. */
export function parseStoredRelease(text: string, { image, force }: ReleaseRequest): StoredRelease {
  return text.startsWith("{") ? (JSON.parse(text) as StoredRelease) : { version: text, image, force };
}
