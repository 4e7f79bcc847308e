import { createHash } from "node:crypto";
import { base64Cores, withoutEncodedSecrets } from "./encoded-secrets";
import { parseKubeconfig } from "../../lib/kubernetes/kubeconfig";
import { REDACTED, withoutSecretFields } from "./secret-fields";
import type { DiagnosisTarget } from "./target";

/**
 * Patterns of secrets in any text. Evidence has megabytes, and anybody may write into it. So every repetition has a maximum, or begins with a text
 * that the repetition itself cannot match.
 */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,32}PRIVATE KEY(?: BLOCK)?-----.*?(-----END [A-Z ]{0,32}PRIVATE KEY(?: BLOCK)?-----|$(?![\s\S]))/gs,
  // JSON Web Tokens, and OpenShift's OAuth tokens.
  /(?<![\w-])eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g,
  /\bsha256~[\w-]{20,}/g,
  // AWS access keys, and the signatures of presigned URLs.
  /\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g,
  /(?<=X-Amz-(Signature|Credential|Security-Token)=)[^&\s"']+/gi,
  // HTTP credentials. An ordinary word after "Bearer" or "Basic" has no digits and no `=` at its end.
  /(?<=\bBearer[ \t]{1,8})(?=\S{0,256}\d|\S{20})[\w.~+/-]{8,}=*/gi,
  /(?<=\bBasic[ \t]{1,8})(?=[A-Za-z+/]{0,256}[\d=])[A-Za-z0-9+/]{8,}=*/gi,
  // Hashes of passwords: bcrypt, and crypt(3)'s in shadow files.
  /\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}/g,
  /\$(?:1|5|6|y|gy|7|apr1)\$[^\s:$"']{1,128}\$[./A-Za-z0-9$]{16,256}/g,
  // Hashes that begin with their algorithm: LDAP's, argon2, PBKDF2, scrypt.
  /\{(?:S?SHA(?:\d{3})?|S?MD5|CRYPT)\}[\w+/.$=-]{8,256}/gi,
  /\$(?:argon2\w{1,3}|pbkdf2[\w-]{0,16}|scrypt)\$[^\s:"']{8,512}/g,
  // Tokens of GitHub, GitLab and Slack.
  /\b(?:gh[opsur]_|github_pat_|glpat-|xox[abprs]-)[\w-]{10,}/g,
  // Passwords in URLs. A password may contain slashes and @: http://user:pass/w@rd@host. Digits after the host of an image are a port.
  /(?<=\\?\/\\?\/[^\s:/@"'<>]{1,128}:)(?!\d{1,5}[/\s])[^\s"'<>]{1,256}(?=@)/g,
  // User names in URLs, up to the last @ before the host. The user name may be a token.
  /(?<=\/\/)[^\s/?#"\\<>]+(?=@)/g,
  // Passwords in URLs without a scheme: in the settings of a proxy, as curl and Go accept them, and before a host with a port. The tag of an image
  // is not a password, although it is between a colon and the @ of the digest.
  /(?<=proxy["']?[ \t]{0,8}[:=][ \t"']{0,8}[\w.%+-]{1,64}:)[^\s"'<>/]{1,256}(?=@(?!sha\d{3}:))/gi,
  /(?<=(?<![\w.%+/@:-])(?!system:)[\w.%+-]{1,64}:)[^\s"'<>/]{1,256}(?=@(?!sha\d{3}:)(?:[\w.-]{1,253}:\d{1,5}\b|(?:tcp|unix)\())/g,
  // The password of a login command: `oc login -u me -p password`, `sshpass -p password`.
  /(?<=\b(?:login|sshpass)\b[^\n]{0,256}[ \t"',]-p[ \t"',=]{1,8})[^\s"',][^\s"']{0,512}/g,
  // curl's user and password: `user = "okd:password"`, `-u okd:password`; also the options of podman and skopeo. Kubernetes' users are `system:…`,
  // which is not followed by a password.
  /(?<=(?:\buser[ \t]{0,8}=|[ "']-[uU]|--(?:proxy-)?user|--(?:src-|dest-)?creds)[ \t"',=]{0,8}(?!system:)[\w.@-]{1,64}:)[^\s"':][^\s"']{0,512}/g,
  // The password in ~/.netrc.
  /(?<=\blogin[ \t]{1,8}\S{1,128}\s{1,8}password[ \t]{1,8})\S+/g,
];

/**
 * Base64 of `-----BEGIN … PRIVATE KEY`, as in kubeconfigs and Secrets. The four variants have "RSA", "EC", nothing or "OPENSSH" before PRIVATE. The
 * pattern finds keys that can't be decoded as a whole, such as a key that is interrupted by other characters.
 */
const keyInBase64 = /LS0tLS1CRUdJTi(BSU0EgUFJJVkFUR|BFQyBQUklWQVRF|BQUklWQVRF|BPUEVOU1NIIFBSSVZBVE)[A-Za-z0-9+/=]*/g;

/** Minimum number of characters of a known secret that is searched for: a shorter secret may be part of ordinary words. */
const MIN_SECRET_CHARACTERS = 8;

/** Redacts a text: known secrets of this cluster, and everything that looks like a secret. */
export type Redact = (text: string) => string;

/** Returns a redactor that knows the target's secrets as a whole, keys also line by line, and in their encoded forms. */
export function redactor({
  kubeconfig,
  sshPrivateKey,
  secrets = [],
}: Pick<DiagnosisTarget, "kubeconfig" | "sshPrivateKey" | "secrets">): Redact {
  const { key, token } = kubeconfig === undefined ? {} : parseKubeconfig(kubeconfig);
  const texts = [kubeconfig, key, token, sshPrivateKey, ...secrets].filter((text) => text !== undefined);
  const known = new Set([...texts.flatMap(formsOf), ...[key, sshPrivateKey].flatMap(linesOf)]);
  // The longest secrets are first, because one secret may be part of another.
  const ordered = [...known].filter((text) => text.length >= MIN_SECRET_CHARACTERS).sort((one, other) => other.length - one.length);
  const redact = (text: string): string => {
    const without = ordered.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
    return withoutSecretFields(shapes.reduce((rest, shape) => rest.replace(shape, REDACTED), without));
  };
  return (text) => withoutEncodedSecrets(redact(text), redact).replace(keyInBase64, REDACTED);
}

/** The lines of a key that are long enough to be unique: a console may wrap a key, so that it is not found as a whole. */
function linesOf(key: string | undefined): string[] {
  return (key ?? "").split("\n").filter((line) => line.length >= 40);
}

/** A secret as plain text, in a JSON string, in a URL, and in base64. */
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

/** The hash and the length of a text: they identify the text without showing it. */
export function fingerprint(text: string): string {
  return `SHA-256 ${createHash("sha256").update(text).digest("hex")}, ${text.length} characters`;
}

/** Whether a file contains secrets, judging by its path. */
export function isSecretFile(path: string): boolean {
  return /(^|\/)(auth|tls|secrets?)\/|kubeconfig|secret|password|\.key$|\.ign$|id_(rsa|ed25519|ecdsa)/i.test(path);
}
