import type { Flaw } from "../finding";

/** A check of the key of that name for a private key that no passphrase protects. Says nothing of what is in it. */
export function privateKeyFlaw(key: string): (text: string) => Flaw | undefined {
  return (text) => flawOfPrivateKey(text, setPrivateKey(key));
}

/** The command that sets a private key from a file. */
export function setPrivateKey(key: string): string {
  return `pulumi config set --secret ${key} < key`;
}

function flawOfPrivateKey(text: string, fix: string): Flaw | undefined {
  const parts = /^-----BEGIN ([A-Z ]*)PRIVATE KEY-----\s([\s\S]+)-----END \1PRIVATE KEY-----$/.exec(text.trim());
  if (!parts) return { wrong: "is not a private key in OpenSSH's or PEM form", fix };
  const [, kind, body] = parts;
  const cipher = kind === "OPENSSH " ? cipherOf(body) : "none";
  if (cipher === "") return { wrong: "is cut off or damaged", fix };
  if (kind === "ENCRYPTED " || body.startsWith("Proc-Type: 4,ENCRYPTED") || cipher !== "none") {
    return {
      wrong: "is protected by a passphrase, which nobody could type here",
      fix: `ssh-keygen -p -N '' -f <a copy of the key>, and ${fix.replace("< key", "< <the copy>")}`,
    };
  }
  return undefined;
}

/** What a key in OpenSSH's own form is encrypted with; empty where it is cut off. */
function cipherOf(body: string): string {
  return fieldsOf(body, 1)?.[0].toString("latin1") ?? "";
}

/** The public key in base64 that a private key in OpenSSH's own form has with it, unencrypted; undefined for other forms. */
export function publicHalf(text: string): string | undefined {
  const body = /^-----BEGIN OPENSSH PRIVATE KEY-----\s([\s\S]+)-----END/.exec(text.trim())?.[1];
  // Cipher, its key's derivation and that one's options, the number of keys, which is one, and the key.
  return body === undefined ? undefined : fieldsOf(body, 4, 4)?.[3].toString("base64");
}

/** The first fields of a key in OpenSSH's own form (openssh-portable, PROTOCOL.key), each with its length in front; `skipped` bytes stand before the last. */
function fieldsOf(body: string, count: number, skipped = 0): Buffer[] | undefined {
  const data = Buffer.from(body, "base64");
  const fields: Buffer[] = [];
  let at = "openssh-key-v1\0".length;
  for (let index = 1; index <= count; index++) {
    if (index === count) at += skipped;
    if (at + 4 > data.length) return undefined;
    const end = at + 4 + data.readUInt32BE(at);
    if (end > data.length) return undefined;
    fields.push(data.subarray(at + 4, end));
    at = end;
  }
  return fields;
}
