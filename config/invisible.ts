/**
 * Invisible characters: control characters, joiners, separators, direction marks and blank letters (Unicode,
 * `Default_Ignorable_Code_Point`: U+00AD, U+115F, U+200B, U+202E, U+2060, U+3164, U+E0000 and so on; U+2800 is Braille without dots), and
 * unpaired surrogates.
 */
const INVISIBLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
const ALL_INVISIBLE = new RegExp(INVISIBLE.source, "gu");
/** Spaces other than U+0020. */
const ODD_BLANK = /[^\P{Zs} ]/u;

/** Code point of the first invisible character or unusual space in a text, such as "U+202E"; undefined if there is none. */
export function invisibleIn(text: string): string | undefined {
  const found = INVISIBLE.exec(text)?.[0] ?? ODD_BLANK.exec(text)?.[0];
  return found === undefined ? undefined : codePoint(found);
}

/** Replaces each invisible character by its code point, `\u{202E}`, so that no terminal interprets it. */
export function withoutInvisible(text: string): string {
  return text.replaceAll(ALL_INVISIBLE, (character) => `\\u{${codePoint(character).slice("U+".length)}}`);
}

/** Prepares the output of another host for a terminal: removes colors, then applies {@link withoutInvisible} to each line. */
export function withoutInvisibleInLines(text: string): string {
  // eslint-disable-next-line no-control-regex -- color sequences start with a control character (ECMA-48, "SGR")
  const plain = text.replaceAll(/\u001b\[[0-9;]{0,20}m/g, "").replaceAll(/[\t\r]/g, " ");
  return plain.split("\n").map(withoutInvisible).join("\n");
}

/** The code point of a character: "U+202E". */
export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
