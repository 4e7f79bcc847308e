import type { Configuration } from "../../config/configuration";
import { Secret } from "../../config/secret";
import { registryUsers } from "../../ignition/installer-host/registry";

/** Generated passwords, which only the stack's state has. */
export interface GeneratedPasswords {
  readonly kubeadminPassword?: string | undefined;
  /** Password of the account that pushes to the installer host's registry. */
  readonly registryPassword?: string | undefined;
  /** Password of the account with which nodes pull images. */
  readonly registryPullPassword?: string | undefined;
}

/** All secrets of a stack that the evidence must not contain: each secret of its configuration, and the generated passwords. */
export function knownSecrets(configuration: Partial<Configuration>, generated: GeneratedPasswords): string[] {
  const { kubeadminPassword, registryPassword, registryPullPassword } = generated;
  const { httpProxy, httpsProxy } = configuration.proxy ?? {};
  const all = [
    ...secretsIn(configuration).flatMap((text) => [text, ...pullSecretParts(text)]),
    ...[httpProxy, httpsProxy].flatMap(passwordOf),
    ...(kubeadminPassword === undefined ? [] : [kubeadminPassword]),
    ...(registryPassword === undefined ? [] : [registryPassword, basicAuth(registryUsers.push, registryPassword)]),
    ...(registryPullPassword === undefined ? [] : [registryPullPassword, basicAuth(registryUsers.pull, registryPullPassword)]),
  ];
  return [...new Set(all)].filter((text) => text !== "");
}

function secretsIn(value: unknown): string[] {
  if (value instanceof Secret) return [value.reveal()];
  if (value instanceof Map) return [...value.values()].flatMap(secretsIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(secretsIn) : [];
}

/** Each registry's credentials in a pull secret, and the password in them. */
function pullSecretParts(text: string): string[] {
  const auths = authsOf(text);
  return auths.flatMap((auth) => {
    const [, ...password] = Buffer.from(auth, "base64").toString("utf8").split(":");
    return [auth, password.join(":")];
  });
}

function authsOf(text: string): string[] {
  try {
    const { auths } = JSON.parse(text) as { readonly auths?: Readonly<Record<string, { readonly auth?: unknown } | null>> };
    return Object.values(auths ?? {}).flatMap((entry) => (typeof entry?.auth === "string" ? [entry.auth] : []));
  } catch {
    return []; // The text is not a pull secret.
  }
}

function passwordOf(proxy: string | undefined): string[] {
  if (proxy === undefined || !URL.canParse(proxy)) return [];
  const { password } = new URL(proxy);
  return [password, decodePercent(password)];
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function basicAuth(user: string, password: string): string {
  return Buffer.from(`${user}:${password}`).toString("base64");
}
