import type { Remembered, ReleaseRequest } from "./request";

/** The command's output, from which its next run knows the last configured release. */
export function rememberedText({ version, image, force }: ReleaseRequest): string {
  return JSON.stringify({ version, image, force });
}

/** @param text output of an earlier run. In the first versions of this program it was only the version; then image and force count as unchanged. */
export function parseRemembered(text: string, { image, force }: ReleaseRequest): Remembered {
  return text.startsWith("{") ? (JSON.parse(text) as Remembered) : { version: text, image, force };
}
