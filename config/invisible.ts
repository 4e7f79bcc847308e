/**
 * Characters that nobody sees: control characters, those that join, separate or turn the direction of what follows, and letters that are blank (Unicode, `Default_Ignorable_Code_Point`:
 * U+00AD, U+115F, U+200B, U+202E, U+2060, U+3164, U+E0000 and the like; U+2800 is Braille without a dot). Half a character of two is none.
 */
const INVISIBLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
const ALL_INVISIBLE = new RegExp(INVISIBLE.source, "gu");
/** Blanks that look like U+0020, or like nothing. */
const ODD_BLANK = /[^\P{Zs} ]/u;

/** The first character of a text that nobody sees, or that looks like a blank and is none, by its number: "U+202E"; undefined where there is none. */
export function invisibleIn(text: string): string | undefined {
  const found = INVISIBLE.exec(text)?.[0] ?? ODD_BLANK.exec(text)?.[0];
  return found === undefined ? undefined : codePoint(found);
}

/** A text with each invisible character as its number, so that a terminal obeys none of them: `\u{202E}`. */
export function withoutInvisible(text: string): string {
  return text.replaceAll(ALL_INVISIBLE, (character) => `\\u{${codePoint(character).slice("U+".length)}}`);
}

/** Lines that another machine wrote, for a terminal: without colours, and as {@link withoutInvisible} has them. */
export function withoutInvisibleInLines(text: string): string {
  // eslint-disable-next-line no-control-regex -- colours begin with one (ECMA-48, "SGR")
  const plain = text.replaceAll(/\u001b\[[0-9;]{0,20}m/g, "").replaceAll(/[\t\r]/g, " ");
  return plain.split("\n").map(withoutInvisible).join("\n");
}

/** A character's number: "U+202E". */
export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
