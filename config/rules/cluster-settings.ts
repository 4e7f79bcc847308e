import type { Flaw } from "../finding";

/** Characters that stand on one line of the console at its least width; this project's choice. */
const BANNER_CHARACTERS = 200;

export function bannerFlaw(text: string): Flaw | undefined {
  if (/[\r\n]/.test(text)) return { wrong: "has more than one line" };
  return text.length > BANNER_CHARACTERS ? { wrong: `has ${text.length} characters` } : undefined;
}
