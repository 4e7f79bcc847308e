import { createHash } from "node:crypto";
import { parseKubeconfig } from "./read/kubeconfig";
import { gone, withoutSecretFields } from "./secret-fields";
import type { Subject } from "./subject";

/**
 * What secrets look like wherever they are. Every repetition is bounded, or begins at a text that it cannot repeat: evidence has megabytes, and anybody may write into it.
 */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,32}PRIVATE KEY(?: BLOCK)?-----.*?(-----END [A-Z ]{0,32}PRIVATE KEY(?: BLOCK)?-----|$(?![\s\S]))/gs,
  // Base64 of `-----BEGIN … PRIVATE KEY`, as kubeconfigs and Secrets have it: "RSA", "EC", none, "OPENSSH".
  /LS0tLS1CRUdJTi(BSU0EgUFJJVkFUR|BFQyBQUklWQVRF|BQUklWQVRF|BPUEVOU1NIIFBSSVZBVE)[A-Za-z0-9+/=]*/g,
  // JSON Web Tokens, and OpenShift's own.
  /(?<![\w-])eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g,
  /\bsha256~[\w-]{20,}/g,
  // AWS's access keys, and the signatures of presigned addresses.
  /\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g,
  /(?<=X-Amz-(Signature|Credential|Security-Token)=)[^&\s"']+/gi,
  // Credentials of HTTP, wherever they are. A word after "Bearer" or "Basic" has no digit and no end of base64.
  /(?<=\bBearer[ \t]{1,8})(?=\S{0,256}\d|\S{20})[\w.~+/-]{8,}=*/gi,
  /(?<=\bBasic[ \t]{1,8})(?=[A-Za-z+/]{0,256}[\d=])[A-Za-z0-9+/]{8,}=*/gi,
  // Hashes of passwords: bcrypt, and crypt(3)'s in shadow files.
  /\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}/g,
  /\$(?:1|5|6|y|gy|7)\$[^\s:$"']{1,128}\$[./A-Za-z0-9$]{16,256}/g,
  // Passwords in addresses, which may have slashes and @: http://user:pass/w@rd@host. Digits after an image's port are no password.
  /(?<=\/\/[^\s:/@"'<>]{1,128}:)(?!\d{1,5}[/\s])[^\s"'<>]{1,256}(?=@)/g,
  // Users in addresses, up to the last @ before the host. A token may be the user.
  /(?<=\/\/)[^\s/?#"\\<>]+(?=@)/g,
  // curl's user: `user = "okd:password"`, `-u okd:password`. Kubernetes' users are `system:…`.
  /(?<=(?:\buser[ \t]{0,8}=|[ "']-u|--(?:proxy-)?user)[ \t"',=]{0,8}(?!system:)[\w.@-]{1,64}:)[^\s"':][^\s"']{0,512}/g,
  // ~/.netrc
  /(?<=\blogin[ \t]{1,8}\S{1,128}\s{1,8}password[ \t]{1,8})\S+/g,
];

/** Characters below which a known secret is not looked for: it would be part of other words. */
const SHORTEST = 8;

/** Takes secrets out of a text: those of this cluster that are known, and whatever looks like one. */
export type Redact = (text: string) => string;

/** A redactor that knows the subject's secrets, whole and line by line, and in the forms in which other texts have them. */
export function redactor({ kubeconfig, sshPrivateKey, secrets = [] }: Pick<Subject, "kubeconfig" | "sshPrivateKey" | "secrets">): Redact {
  const { key, token } = kubeconfig === undefined ? {} : parseKubeconfig(kubeconfig);
  const texts = [kubeconfig, key, token, sshPrivateKey, ...secrets].filter((text) => text !== undefined);
  const known = new Set([...texts.flatMap(formsOf), ...[key, sshPrivateKey].flatMap(linesOf)]);
  // The longest first: one may be part of another.
  const ordered = [...known].filter((text) => text.length >= SHORTEST).sort((one, other) => other.length - one.length);
  return (text) => {
    const without = ordered.reduce((rest, secret) => rest.replaceAll(secret, gone), text);
    return withoutSecretFields(shapes.reduce((rest, shape) => rest.replace(shape, gone), without));
  };
}

/** A key that a console breaks into lines of its own is found by those that are long enough to be no other text's. */
function linesOf(key: string | undefined): string[] {
  return (key ?? "").split("\n").filter((line) => line.length >= 40);
}

/** A secret as it is, in a JSON string, in an address, and in base64. */
function formsOf(secret: string): string[] {
  const trimmed = secret.trim();
  return [secret, trimmed].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    Buffer.from(text).toString("base64"),
  ]);
}

/** Tells contents apart without showing them. */
export function fingerprint(text: string): string {
  return `SHA-256 ${createHash("sha256").update(text).digest("hex")}, ${text.length} characters`;
}

/** Files that hold secrets by what they are, whatever is in them. */
export function isSecretFile(path: string): boolean {
  return /(^|\/)(auth|tls|secrets?)\/|kubeconfig|secret|password|\.key$|\.ign$|id_(rsa|ed25519|ecdsa)/i.test(path);
}
