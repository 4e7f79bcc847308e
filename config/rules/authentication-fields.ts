import type { Flaw } from "../finding";
import { invisibleIn } from "../invisible";
import { userNameFlaw } from "./names";
import { isPasswordHash } from "./password-hash";

/** bcrypt looks at no more of a password (bcryptjs, `truncates`). */
const MOST_PASSWORD_BYTES = 72;

/** NIST SP 800-63B, section 3.1.1. */
const LEAST_PASSWORD_CHARACTERS = 8;

/** A user of the htpasswd file, with a password that bcrypt sees whole. */
export function htpasswdUserFlaw(password: string, name: string): Flaw | undefined {
  const flaw = name.includes(":") ? { wrong: "has a colon in it, which separates name and password in the file" } : userNameFlaw(name);
  if (flaw) return { wrong: `has a name that ${flaw.wrong}` };
  if (password.startsWith(`${name}:`)) return { wrong: "is a line of an htpasswd file: the password itself is needed" };
  if (isPasswordHash(password)) return { wrong: "is a hash: the password itself is needed, and only its hash gets into the cluster" };
  // eslint-disable-next-line no-control-regex -- a line break at the end of a file that a password was read from
  if (/[\x00-\x1f\x7f]/.test(password)) return { wrong: "has a line break or another control character in its password" };
  if (Array.from(password).length < LEAST_PASSWORD_CHARACTERS)
    return { wrong: `has a password of fewer than ${LEAST_PASSWORD_CHARACTERS} characters` };
  if (Buffer.byteLength(password) > MOST_PASSWORD_BYTES) return { wrong: `has a password of more than ${MOST_PASSWORD_BYTES} bytes` };
  return undefined;
}

/** RFC 1123, as names of bindings and namespaces. */
export function bindingNameFlaw(name: string): Flaw | undefined {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)
    ? undefined
    : { wrong: `is ${JSON.stringify(name)}`, allowed: "1 to 63 lower-case letters, digits and hyphens" };
}

/** Kubernetes, names of roles: any part of a path (kubernetes/kubernetes, `pkg/apis/rbac/validation`, ValidateRBACName). */
export function roleNameFlaw(name: string): Flaw | undefined {
  return /[/%]/.test(name) || [".", ".."].includes(name) || invisibleIn(name) !== undefined || name !== name.trim()
    ? { wrong: `is ${JSON.stringify(name)}, which no role can be called` }
    : undefined;
}

/** Names of the pages (openshift/api, `config/v1/types_oauth.go`, OAuthTemplates). */
export const TEMPLATES = ["login", "providerSelection", "error"] as const;
export type Template = (typeof TEMPLATES)[number];

/** Without these fields nobody could log in (openshift/oauth-server, `pkg/server/login`: the form's names). */
const LOGIN_FIELDS = [".Names.Username", ".Names.Password", ".Names.CSRF"];

/** What a secret holds at most (Kubernetes), with room for the rest of the object. */
export const MOST_TEMPLATE_BYTES = 1_000_000;

export function templateFlaws(templates: Readonly<Record<string, string>>): Flaw[] {
  return Object.entries(templates).flatMap(([name, text]): Flaw[] => {
    const entry = `entry ${JSON.stringify(name)}`;
    if (!(TEMPLATES as readonly string[]).includes(name)) return [{ wrong: `${entry} is none of ${TEMPLATES.join(", ")}` }];
    if (text.trim() === "") return [{ wrong: `${entry} is empty` }];
    if (Buffer.byteLength(text) > MOST_TEMPLATE_BYTES) return [{ wrong: `${entry} has more than ${MOST_TEMPLATE_BYTES} bytes` }];
    const missing = name === "login" ? LOGIN_FIELDS.filter((each) => !text.includes(each)) : [];
    return missing.length === 0 ? [] : [{ wrong: `${entry} lacks ${missing.join(", ")}, so that nobody could log in` }];
  });
}
