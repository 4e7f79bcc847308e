import { createHash } from "node:crypto";
import { base64Cores, withoutEncodedSecrets } from "./encoded-secrets";
import { parseKubeconfig } from "./read/kubeconfig";
import { gone, withoutSecretFields } from "./secret-fields";
import type { Subject } from "./subject";

/**
 * What secrets look like wherever they are. Every repetition is bounded, or begins at a text that it cannot repeat: evidence has megabytes, and anybody may write into it.
 */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,32}PRIVATE KEY(?: BLOCK)?-----.*?(-----END [A-Z ]{0,32}PRIVATE KEY(?: BLOCK)?-----|$(?![\s\S]))/gs,
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
  /\$(?:1|5|6|y|gy|7|apr1)\$[^\s:$"']{1,128}\$[./A-Za-z0-9$]{16,256}/g,
  // Hashes with their kind's name: LDAP's, argon2, PBKDF2, scrypt.
  /\{(?:S?SHA(?:\d{3})?|S?MD5|CRYPT)\}[\w+/.$=-]{8,256}/gi,
  /\$(?:argon2\w{1,3}|pbkdf2[\w-]{0,16}|scrypt)\$[^\s:"']{8,512}/g,
  // Tokens of GitHub, GitLab and Slack.
  /\b(?:gh[opsur]_|github_pat_|glpat-|xox[abprs]-)[\w-]{10,}/g,
  // Passwords in addresses, which may have slashes and @: http://user:pass/w@rd@host. Digits after an image's port are no password.
  /(?<=\\?\/\\?\/[^\s:/@"'<>]{1,128}:)(?!\d{1,5}[/\s])[^\s"'<>]{1,256}(?=@)/g,
  // Users in addresses, up to the last @ before the host. A token may be the user.
  /(?<=\/\/)[^\s/?#"\\<>]+(?=@)/g,
  // The same without a scheme, as curl and Go accept a proxy, and before a host with a port. An image's tag before its digest is no password.
  /(?<=proxy["']?[ \t]{0,8}[:=][ \t"']{0,8}[\w.%+-]{1,64}:)[^\s"'<>/]{1,256}(?=@(?!sha\d{3}:))/gi,
  /(?<=(?<![\w.%+/@:-])(?!system:)[\w.%+-]{1,64}:)[^\s"'<>/]{1,256}(?=@(?!sha\d{3}:)(?:[\w.-]{1,253}:\d{1,5}\b|(?:tcp|unix)\())/g,
  // The password of a log-in: `oc login -u me -p password`, `sshpass -p password`.
  /(?<=\b(?:login|sshpass)\b[^\n]{0,256}[ \t"',]-p[ \t"',=]{1,8})[^\s"',][^\s"']{0,512}/g,
  // curl's user: `user = "okd:password"`, `-u okd:password`; podman's and skopeo's. Kubernetes' users are `system:…`.
  /(?<=(?:\buser[ \t]{0,8}=|[ "']-[uU]|--(?:proxy-)?user|--(?:src-|dest-)?creds)[ \t"',=]{0,8}(?!system:)[\w.@-]{1,64}:)[^\s"':][^\s"']{0,512}/g,
  // ~/.netrc
  /(?<=\blogin[ \t]{1,8}\S{1,128}\s{1,8}password[ \t]{1,8})\S+/g,
];

/**
 * Base64 of `-----BEGIN … PRIVATE KEY`, as kubeconfigs and Secrets have it: "RSA", "EC", none, "OPENSSH". For what can't be decoded as a whole, such as a key that is cut
 * off by other characters.
 */
const keyInBase64 = /LS0tLS1CRUdJTi(BSU0EgUFJJVkFUR|BFQyBQUklWQVRF|BQUklWQVRF|BPUEVOU1NIIFBSSVZBVE)[A-Za-z0-9+/=]*/g;

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
  const redact = (text: string): string => {
    const without = ordered.reduce((rest, secret) => rest.replaceAll(secret, gone), text);
    return withoutSecretFields(shapes.reduce((rest, shape) => rest.replace(shape, gone), without));
  };
  return (text) => withoutEncodedSecrets(redact(text), redact).replace(keyInBase64, gone);
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
    ...base64Cores(text),
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
