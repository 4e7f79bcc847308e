import { REDACTED } from "./secret-fields";

/**
 * The parts of a secret's base64 encoding that do not depend on the bytes around the secret. Base64 encodes groups of three bytes, and the secret may
 * begin at each of the three positions in a group, so there is one part per position. The first and the last characters are left out: they also
 * encode neighbouring bytes. Returns the parts in both base64 alphabets (RFC 4648).
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

/** A word that contains percent-encoded characters. A match begins only at the start of a word. */
const PERCENT = /(?<![^\s"'<>\\])[^\s"'<>\\]*%[0-9A-Fa-f]{2}[^\s"'<>\\]*/g;

/**
 * A word in base64, in either alphabet; or several lines of 64 or 76 characters, the lengths at which OpenSSL and coreutils wrap base64. The line
 * ends may be written as `\n`. A word needs at least 20 characters: a shorter word contains no key and no field with a password.
 */
const BASE64 =
  /(?<![\w+/-])(?:(?:[\w+/-]{64}(?:\r?\n[ \t]{0,64}|\\n))+[\w+/-]{0,64}|(?:[\w+/-]{76}(?:\r?\n[ \t]{0,64}|\\n))+[\w+/-]{0,76}|[\w+/-]{20}[\w+/-]*)={0,2}(?![\w+/=-])/g;

/** Maximum depth of nested encodings: a MachineConfig contains files in base64, and such a file may contain base64, too. */
const MAX_NESTED_ENCODINGS = 3;

/** Redacts secrets in encoded parts of a text, such as the files of a MachineConfig ("data:,…", "data:;base64,…") and the values of a Secret. */
export function withoutEncodedSecrets(text: string, redact: (text: string) => string, depth = 0): string {
  if (depth === MAX_NESTED_ENCODINGS) return text;
  const inner = (part: string) => withoutEncodedSecrets(redact(part), redact, depth + 1);
  return text.replace(PERCENT, (word) => percentDecoded(word, inner)).replace(BASE64, (word) => base64Decoded(word, inner));
}

function percentDecoded(word: string, redact: (text: string) => string): string {
  const { text, offsets } = decodeWord(word);
  const redacted = redact(text);
  if (redacted === text) return word;
  let from = 0;
  const parts = redacted.split(REDACTED).map((part) => {
    const index = text.indexOf(part, from);
    if (index === -1) return encodeURIComponent(part.replace(/\p{Surrogate}/gu, ""));
    from = index + part.length;
    return word.slice(offsets[index], offsets[from]);
  });
  return parts.join(REDACTED);
}

/** Decodes a percent-encoded word. `offsets` has the position in the word for each character of the decoded text, and for its end. */
function decodeWord(word: string): { readonly text: string; readonly offsets: readonly number[] } {
  const offsets: number[] = [];
  let text = "";
  for (const { 0: unit, index } of word.matchAll(/(?:%[0-9A-Fa-f]{2})+|[^%]+|%/g)) {
    const plain = unit.startsWith("%") ? withoutPercent(unit) : unit;
    // Each byte in UTF-8 takes three characters (%XX).
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
    return run; // The bytes are not UTF-8.
  }
}

/** Redacts the whole base64 text if it contains a secret: the rest would be unreadable without decoding. */
function base64Decoded(word: string, redact: (text: string) => string): string {
  const text = Buffer.from(word.replaceAll("\\n", ""), "base64").toString("utf8");
  return isText(text) && redact(text) !== text ? REDACTED : word;
}

/** Whether a decoded value is text: ordinary words and paths are valid base64, too, but decode to binary data. */
function isText(text: string): boolean {
  return !/[^\t\n\r\u0020-\ufffc]/.test(text);
}
