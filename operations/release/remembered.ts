import type { Remembered, ReleaseRequest } from "./request";

/** What the command prints, for its next run to know what the configuration named last. */
export function remembered({ version, image, force }: ReleaseRequest): string {
  return JSON.stringify({ version, image, force });
}

/** @param text of an earlier run; at first it was the version alone, which says that nothing else has changed */
export function parseRemembered(text: string, { image, force }: ReleaseRequest): Remembered {
  return text.startsWith("{") ? (JSON.parse(text) as Remembered) : { version: text, image, force };
}
