import { gone } from "./secret-fields";

/**
 * The characters that a secret always has in base64, whatever is before and after it: for each of the three places where it may begin in a group of three bytes,
 * without the first and last characters, which its neighbours determine, too. In both alphabets (RFC 4648).
 */
export function base64Cores(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replaceAll("=", "");
    const isWhole = (before + bytes.length) % 3 === 0;
    const core = encoded.slice(before === 0 ? 0 : before + 1, isWhole ? undefined : -1);
    return [core, core.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

/** A word with characters in the percent encoding. Each word is looked at from its beginning only. */
const PERCENT = /(?<![^\s"'<>\\])[^\s"'<>\\]*%[0-9A-Fa-f]{2}[^\s"'<>\\]*/g;

/**
 * A word in base64, in either alphabet; or lines of 64 or 76 characters, as OpenSSL and coreutils wrap it, whose ends may be written out as `\n`. Shorter texts hold no
 * key, and a password in a field takes as many.
 */
const BASE64 =
  /(?<![\w+/-])(?:(?:[\w+/-]{64}(?:\r?\n[ \t]{0,64}|\\n))+[\w+/-]{0,64}|(?:[\w+/-]{76}(?:\r?\n[ \t]{0,64}|\\n))+[\w+/-]{0,76}|[\w+/-]{20}[\w+/-]*)={0,2}(?![\w+/=-])/g;

/** How deep texts may be encoded in each other: a MachineConfig has a file in base64, and that file another one. */
const DEEPEST = 3;

/** Takes secrets out of the encoded texts in a text, as MachineConfigs have files ("data:,…", "data:;base64,…") and Secrets their values. */
export function withoutEncodedSecrets(text: string, redact: (text: string) => string, depth = 0): string {
  if (depth === DEEPEST) return text;
  const inner = (part: string) => withoutEncodedSecrets(redact(part), redact, depth + 1);
  return text.replace(PERCENT, (word) => percentDecoded(word, inner)).replace(BASE64, (word) => base64Decoded(word, inner));
}

function percentDecoded(word: string, redact: (text: string) => string): string {
  const { text, offsets } = decoded(word);
  const redacted = redact(text);
  if (redacted === text) return word;
  let from = 0;
  const parts = redacted.split(gone).map((part) => {
    const index = text.indexOf(part, from);
    if (index === -1) return encodeURIComponent(part.replace(/\p{Surrogate}/gu, ""));
    from = index + part.length;
    return word.slice(offsets[index], offsets[from]);
  });
  return parts.join(gone);
}

/** A text without the percent encoding, and for each of its characters, and its end, where that is in the word. */
function decoded(word: string): { readonly text: string; readonly offsets: readonly number[] } {
  const offsets: number[] = [];
  let text = "";
  for (const { 0: unit, index } of word.matchAll(/(?:%[0-9A-Fa-f]{2})+|[^%]+|%/g)) {
    const plain = unit.startsWith("%") ? withoutPercent(unit) : unit;
    // Characters of several bytes: as many steps of three as they have in UTF-8.
    let offset = index;
    for (const character of plain) {
      for (let part = 0; part < character.length; part++) offsets.push(offset);
      offset += plain === unit ? character.length : 3 * Buffer.byteLength(character);
    }
    text += plain;
  }
  return { text, offsets: [...offsets, word.length] };
}

function withoutPercent(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    return run; // no UTF-8
  }
}

/** A text in base64 with a secret in it goes as a whole: what is left of it could not be read without decoding. */
function base64Decoded(word: string, redact: (text: string) => string): string {
  const text = Buffer.from(word.replaceAll("\\n", ""), "base64").toString("utf8");
  return isText(text) && redact(text) !== text ? gone : word;
}

/** Whether bytes that were decoded were a text: words and paths decode to something, too. */
function isText(text: string): boolean {
  return !/[^\t\n\r\u0020-\ufffc]/.test(text);
}
