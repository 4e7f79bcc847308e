import type { ValueProblem } from "./problem";

/** The key types that sshd on CoreOS accepts; it no longer accepts DSA. */
const TYPES = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com)$/;

/** NIST SP 800-131A allows no shorter RSA key. */
const MIN_RSA_BITS = 2048;

const CREATE_KEY = 'ssh-keygen -t ed25519 -f okd-key && pulumi config set sshPublicKey -- "$(cat okd-key.pub)"';

/** The lines of a text that are neither empty nor comments, as sshd reads authorized_keys (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"). */
function keyLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** The key of a text that {@link sshPublicKeyProblem} accepts, without comment lines. */
export function sshKeyLine(text: string): string {
  return keyLines(text)[0] ?? "";
}

/**
 * Checks one OpenSSH public key as in authorized_keys: type, base64 and an optional comment. Comment lines before or after it are allowed.
 */
export function sshPublicKeyProblem(text: string): ValueProblem | undefined {
  if (text.includes("PRIVATE KEY"))
    return { wrong: "is a private key; remove it from the stack file and create a new key", fix: CREATE_KEY };
  if (/^---- BEGIN SSH2|^-----BEGIN/.test(text)) return { wrong: "is not in OpenSSH's format", fix: "convert it with ssh-keygen -i" };
  const [line = "", ...others] = keyLines(text);
  if (others.length > 0)
    return others.some((other) => TYPES.test(other.split(/\s/)[0]))
      ? { wrong: "has more than one key", fix: "keep one" }
      : { wrong: "has more than one line that is not a comment", fix: "put the key on one line" };
  if (/\p{Cc}/u.test(line.replaceAll("\t", " "))) return { wrong: "has a control character in it", fix: "remove the control character" };
  const [type = "", data = ""] = line.split(/\s+/);
  if (type === "ssh-dss") return { wrong: "is a DSA key, which sshd no longer accepts", fix: CREATE_KEY };
  if (!TYPES.test(type)) return { wrong: "doesn't start with a supported key type", fix: CREATE_KEY };
  const fields = readFields(Buffer.from(data, "base64"));
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data) || fields?.[0]?.toString("latin1") !== type)
    return { wrong: "is cut off or damaged", fix: CREATE_KEY };
  if (type === "ssh-rsa" && bits(fields[2]) < MIN_RSA_BITS)
    return { wrong: `is an RSA key of only ${bits(fields[2])} bits`, fix: CREATE_KEY };
  return undefined;
}

/** The length-prefixed fields of a key (RFC 4251, section 5: "string"); undefined if their lengths don't match the data. */
function readFields(data: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  for (let at = 0; at < data.length;) {
    if (at + 4 > data.length) return undefined;
    const end = at + 4 + data.readUInt32BE(at);
    if (end > data.length) return undefined;
    fields.push(data.subarray(at + 4, end));
    at = end;
  }
  return fields.length > 1 ? fields : undefined;
}

/** Number of bits of a multiple precision integer, which may start with a zero byte for its sign. */
function bits(integer: Buffer | undefined): number {
  const significant = integer?.subarray(integer[0] === 0 ? 1 : 0) ?? Buffer.alloc(0);
  return significant.length === 0 ? 0 : significant.length * 8 - (Math.clz32(significant[0]) - 24);
}
