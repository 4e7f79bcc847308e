import { createHash } from "node:crypto";
import { parseKubeconfig } from "./read/kubeconfig";
import type { Subject } from "./subject";

const gone = "[redacted]";

/** What secrets look like wherever they stand. */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$(?![\s\S]))/gs,
  // Base64 of `-----BEGIN … PRIVATE KEY`, as kubeconfigs and Secrets have it: "RSA", "EC", none, "OPENSSH".
  /LS0tLS1CRUdJTi(BSU0EgUFJJVkFUR|BFQyBQUklWQVRF|BQUklWQVRF|BPUEVOU1NIIFBSSVZBVE)[A-Za-z0-9+/=]*/g,
  // JSON Web Tokens, and OpenShift's own.
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g,
  /\bsha256~[\w-]{20,}/g,
  // AWS's access keys, and the signatures of presigned addresses.
  /\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g,
  /(?<=X-Amz-(Signature|Credential|Security-Token)=)[^&\s"']+/gi,
  /(?<=\bauthorization:\s*(basic|bearer)\s+)\S+/gi,
  // Users and passwords in addresses, up to the last @ before the host: https://user:pass@word@host. A token may be the user.
  /(?<=\/\/)[^\s/?#"\\<>]+(?=@)/g,
];

/** Names of fields whose value is a secret. */
const secretNames =
  /[\w.-]*(?:password|passwd|pull[-_]?secret|client-key-data|secret[-_]?access[-_]?key|(?:session|bearer|refresh|access)[-_]?token|private[-_]?key|dockerconfigjson)|\b(?:token|auth)/;

/** A field in JSON, YAML or `key=value`, also inside a JSON string, where each quote has backslashes before it. */
const fields = new RegExp(
  `(?<name>(?:${secretNames.source})\\\\*["']?[ \\t]*[:=][ \\t]*)(?:(?<open>\\\\*["']).*?(?<!\\\\)\\k<open>|[^\\s,;{}\\[\\]"'\\\\]+)`,
  "gi",
);

/** Takes secrets out of a text: those of this cluster that are known, and whatever looks like one. */
export type Redact = (text: string) => string;

/** A redactor that knows the subject's secrets, whole and line by line. */
export function redactor({ kubeconfig, sshPrivateKey }: Pick<Subject, "kubeconfig" | "sshPrivateKey">): Redact {
  const key = kubeconfig === undefined ? undefined : parseKubeconfig(kubeconfig).key;
  const token = kubeconfig === undefined ? undefined : parseKubeconfig(kubeconfig).token;
  const texts = [kubeconfig, key, token, sshPrivateKey].filter((text) => text !== undefined && text !== "") as string[];
  // A key that a console breaks into lines of its own is found by those lines.
  const lines = [key, sshPrivateKey].flatMap((text) => (text ?? "").split("\n").filter((line) => line.length >= 40));
  const known = [...texts, ...(key === undefined ? [] : [Buffer.from(key).toString("base64")]), ...lines];
  return (text) => {
    const without = known.reduce((rest, secret) => rest.replaceAll(secret, gone), text);
    return shapes.reduce((rest, shape) => rest.replace(shape, gone), without).replace(fields, `$<name>$<open>${gone}$<open>`);
  };
}

/** Tells contents apart without showing them. */
export function fingerprint(text: string): string {
  return `SHA-256 ${createHash("sha256").update(text).digest("hex")}, ${text.length} characters`;
}

/** Files that hold secrets by what they are, whatever is in them. */
export function isSecretFile(path: string): boolean {
  return /(^|\/)(auth|tls|secrets?)\/|kubeconfig|secret|password|\.key$|\.ign$|id_(rsa|ed25519|ecdsa)/i.test(path);
}
