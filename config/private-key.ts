import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from "node:crypto";
import type { ValueProblem } from "./problem";
import { decodeBase64, formatBlock, linesOf, parsePem, type PemBlock } from "./pem";
import { parserMessage } from "./certificates";

const NO_KEY = "is not a private key in OpenSSH or PEM format";
const DAMAGED = "is cut off or damaged";

/** Elliptic curves of TLS 1.3 (RFC 8446, section 4.2.3; Go, `crypto/tls`, signatureSchemesForPublicKey), by OpenSSL's names. */
const CURVES = ["prime256v1", "secp384r1", "secp521r1"];

/** Returns a check of the configuration key `key`, which holds a private key without a passphrase. Messages don't quote the private key. */
export function privateKeyProblem(key: string): (text: string) => ValueProblem | undefined {
  return (text) => problemOfPrivateKey(text, setPrivateKey(key));
}

/** Returns a check of a private key for TLS servers and clients of the cluster. Messages don't quote the private key. */
export function tlsKeyProblem(fix: string): (text: string) => ValueProblem | undefined {
  return (text) => {
    const problem = problemOfPrivateKey(text, fix);
    if (problem) return problem;
    if (keyBlock(text).label.startsWith("OPENSSH"))
      return {
        wrong: "is in OpenSSH format, which TLS programs can't read",
        fix: `ssh-keygen -p -N '' -m PEM -f <a copy of the key>, and ${fix}`,
      };
    const key = tryToRead(formatPrivateKey(text));
    if (key === undefined) return { wrong: "can't be read", fix };
    const curve = key.asymmetricKeyDetails?.namedCurve;
    const known = key.asymmetricKeyType === "ec" ? CURVES.includes(curve ?? "") : ["rsa", "ed25519"].includes(key.asymmetricKeyType ?? "");
    if (!known) return { wrong: `is of the type ${curve ?? key.asymmetricKeyType}, which OpenShift can't use for TLS`, fix };
    return isSound(key) ? undefined : { wrong: DAMAGED, fix };
  };
}

/**
 * Whether the numbers of a key are consistent. OpenSSL reads an inconsistent key without checking it, but Go refuses it (`crypto/rsa`,
 * PrivateKey.Validate; `crypto/tls`, X509KeyPair, which computes the public key from the private one).
 */
function isSound(key: KeyObject): boolean {
  try {
    if (key.asymmetricKeyType === "rsa") return isSoundRsa(key.export({ format: "jwk" }));
    const probe = Buffer.from("probe");
    const digest = key.asymmetricKeyType === "ec" ? "sha256" : null;
    return verify(digest, probe, createPublicKey(key), sign(digest, probe, plainKey(key)));
  } catch {
    return false; // OpenSSL can't use the key. Its message may quote the key, so it is dropped.
  }
}

/** RFC 8017, section 3.2. */
function isSoundRsa(key: JsonWebKey): boolean {
  const [n, e, d, p, q, dp, dq, qi] = [key.n, key.e, key.d, key.p, key.q, key.dp, key.dq, key.qi].map((number) =>
    BigInt(`0x0${Buffer.from(number ?? "", "base64url").toString("hex")}`),
  );
  if (p < 2n || q < 2n || p * q !== n) return false;
  return (e * d) % (p - 1n) === 1n && (e * d) % (q - 1n) === 1n && d % (p - 1n) === dp && d % (q - 1n) === dq && (q * qi) % p === 1n;
}

function tryToRead(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined; // The caller reports the problem; the library's message may quote the key.
  }
}

/** The command that sets a private key from a file. */
export function setPrivateKey(key: string): string {
  return `pulumi config set --secret ${key} < key`;
}

/**
 * A private key that {@link privateKeyProblem} accepts, in the form that every program reads: only the key, with BEGIN and END on their own
 * lines.
 */
export function formatPrivateKey(text: string): string {
  const { label, body } = keyBlock(text);
  return formatBlock(label, linesOf(body));
}

/**
 * A private key that {@link tlsKeyProblem} accepts, in a form that Go reads (`crypto/tls`, parsePrivateKey). A key in
 * such a form stays as it is. Any other key is rewritten in PKCS#8: Go refuses trailing bytes and a curve given by
 * explicit parameters.
 */
export function formatTlsKey(text: string): string {
  const plain = plainKey(createPrivateKey(formatPrivateKey(text)));
  const written = decodeBase64(keyBlock(text).body);
  if (written !== undefined && readableForms(plain).some((form) => form.equals(written))) return formatPrivateKey(text);
  return plain.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Returns only the key itself: converts the key to a JSON web key and back. A JSON web key holds nothing else, and names the curve. */
function plainKey(key: KeyObject): KeyObject {
  return createPrivateKey({ key: key.export({ format: "jwk" }), format: "jwk" });
}

function readableForms(key: KeyObject): Buffer[] {
  const format = "der";
  const own = { rsa: { type: "pkcs1", format }, ec: { type: "sec1", format } } as const;
  const type = key.asymmetricKeyType as string;
  return [key.export({ type: "pkcs8", format }), ...(type === "rsa" || type === "ec" ? [key.export(own[type])] : [])];
}

function problemOfPrivateKey(text: string, fix: string): ValueProblem | undefined {
  try {
    const { label, body } = keyBlock(text);
    const encrypted = {
      wrong: "is protected by a passphrase, which nobody can enter during the installation",
      fix: withoutPassphrase(fix),
    };
    if (label.startsWith("ENCRYPTED") || /^\s*Proc-Type: 4,ENCRYPTED/.test(body)) return encrypted;
    const bytes = decodeBase64(body);
    if (bytes === undefined) return { wrong: DAMAGED, fix };
    if (!label.startsWith("OPENSSH")) return undefined;
    const cipher = fieldsOf(bytes, 1)?.[0].toString("latin1") ?? "";
    if (cipher === "") return { wrong: DAMAGED, fix };
    return cipher === "none" ? undefined : encrypted;
  } catch (error) {
    return { wrong: parserMessage(error), fix };
  }
}

function withoutPassphrase(fix: string): string {
  return `ssh-keygen -p -N '' -f <a copy of the key>, and ${fix.replace("< key", "< <the copy>")}`;
}

/** The block with the private key. `openssl ecparam -genkey` writes another block with the curve before it. */
function keyBlock(text: string): PemBlock {
  const { blocks } = parsePem(text);
  const key = blocks.find(({ label }) => label.endsWith("PRIVATE KEY"));
  if (key === undefined) throw new SyntaxError(NO_KEY);
  const other = blocks.find((block) => block !== key && block.label !== "EC PARAMETERS");
  if (other !== undefined)
    throw new SyntaxError(`has a block of the type ${other.label} in addition to the private key; keep only the private key`);
  return key;
}

/** The public key, in base64, that a private key in OpenSSH's own format contains unencrypted; undefined for other formats. */
export function containedPublicKey(text: string): string | undefined {
  const { label, body } = keyBlock(text);
  const bytes = label.startsWith("OPENSSH") ? decodeBase64(body) : undefined;
  // Fields: cipher, key derivation function, its options, the number of keys (4 bytes, always one), public key.
  return bytes && fieldsOf(bytes, 4, 4)?.[3].toString("base64");
}

/**
 * The first `count` length-prefixed fields of a key in OpenSSH's own format (openssh-portable, PROTOCOL.key); skips `skipped` bytes before
 * the last one.
 */
function fieldsOf(data: Buffer, count: number, skipped = 0): Buffer[] | undefined {
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
