/*
 * Own code, because it must refuse every certificate that Go refuses. `asn1js` (3.1.0), which `@peculiar/x509` uses, and Node.js' own
 * X509Certificate read more than DER: lengths in the long form or without an end, padded integers, and flags other than 00 and ff.
 */

/** One value in DER (ITU-T X.690): its tag, its content, and all of its bytes. */
export interface DerValue {
  /** The first byte: class, constructed flag and tag number. */
  readonly tag: number;
  readonly content: Buffer;
  readonly bytes: Buffer;
}

/** The universal tags that certificates use; the tags of sequence and set include the constructed flag. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  numericString: 0x12,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
} as const;

/** The context-specific tag `[number]`; `constructed` if the value contains other values. */
export function contextTag(number: number, constructed = false): number {
  return 0x80 | (constructed ? 0x20 : 0) | number;
}

/**
 * Parses the sequence of values in `bytes`, as strictly as Go (`golang.org/x/crypto/cryptobyte`, readASN1): lengths are definite and in the
 * shortest form, and tags have one byte.
 *
 * @throws SyntaxError for all other bytes
 */
export function derValues(bytes: Buffer): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length;) {
    const { header, length } = headerAt(bytes, at);
    const end = at + header + length;
    if (end > bytes.length) throw new SyntaxError("ends too early");
    values.push({ tag: bytes[at], content: bytes.subarray(at + header, end), bytes: bytes.subarray(at, end) });
    at = end;
  }
  return values;
}

/** Parses the values inside a value with the given tag. @throws SyntaxError if the value is missing or has another tag. */
export function derInside(value: DerValue | undefined, tag: number): DerValue[] {
  return derValues(derContent(value, tag));
}

/** The content of a value with the given tag. @throws SyntaxError if the value is missing or has another tag. */
export function derContent(value: DerValue | undefined, tag: number): Buffer {
  if (value?.tag !== tag) throw new SyntaxError("has a value of an unexpected ASN.1 type");
  return value.content;
}

function headerAt(bytes: Buffer, at: number): { readonly header: number; readonly length: number } {
  if (at + 2 > bytes.length || (bytes[at] & 0x1f) === 0x1f) throw new SyntaxError("has a value without a one-byte ASN.1 tag");
  const first = bytes[at + 1];
  if (first < 0x80) return { header: 2, length: first };
  const count = first & 0x7f;
  if (count < 1 || count > 4 || at + 2 + count > bytes.length) throw new SyntaxError("has an ASN.1 length that DER does not allow");
  const length = bytes.readUIntBE(at + 2, count);
  if (length < 0x80 || length < 2 ** (8 * (count - 1))) throw new SyntaxError("has an ASN.1 length that is not in the shortest form");
  return { header: 2 + count, length };
}
