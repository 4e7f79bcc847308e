import type { Flaw } from "../finding";

/** bcrypt looks at no more of a password (bcryptjs, `truncates`). */
const MOST_PASSWORD_BYTES = 72;

/** NIST SP 800-63B, section 3.1.1. */
const LEAST_PASSWORD_CHARACTERS = 8;

/** A user of the htpasswd file: a name that OpenShift takes (openshift/apiserver-library-go, `ValidateUserName`), and a password that bcrypt sees whole. */
export function htpasswdUserFlaw(password: string, name: string): Flaw | undefined {
  if (name.includes(":")) return { wrong: "has a colon in its name, which separates name and password in the file" };
  if (!/^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$/.test(name)) return { wrong: "is not a name that a user can have" };
  if (/^\$2[aby]\$\d\d\$/.test(password))
    return { wrong: "is a hash: the password itself is needed, and only its hash gets into the cluster" };
  // eslint-disable-next-line no-control-regex -- a line break at the end of a file that a password was read from
  if (/[\x00-\x1f\x7f]/.test(password)) return { wrong: "has a line break or another control character in its password" };
  if (Array.from(password).length < LEAST_PASSWORD_CHARACTERS)
    return { wrong: `has a password of fewer than ${LEAST_PASSWORD_CHARACTERS} characters` };
  if (Buffer.byteLength(password) > MOST_PASSWORD_BYTES) return { wrong: `has a password of more than ${MOST_PASSWORD_BYTES} bytes` };
  return undefined;
}

/** A user's or group's name as it is bound. */
export function subjectFlaw(name: string): Flaw | undefined {
  if (/[/%\s]/.test(name)) return { wrong: "is not a name that a user or group can have: it has a blank, / or %" };
  if (name.includes(":") && !name.startsWith("system:"))
    return { wrong: "has a colon in it: a user's name is without its identity provider's" };
  return undefined;
}

/** RFC 1123, as names of bindings and namespaces. */
export function bindingNameFlaw(name: string): Flaw | undefined {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)
    ? undefined
    : { wrong: `is ${JSON.stringify(name)}`, allowed: "1 to 63 lower-case letters, digits and hyphens" };
}

/** Kubernetes, names of roles: any path segment. */
export function roleNameFlaw(name: string): Flaw | undefined {
  return /[/%\s]/.test(name) || [".", ".."].includes(name)
    ? { wrong: `is ${JSON.stringify(name)}, which no role can be called` }
    : undefined;
}

/** Names of the pages (openshift/api, `config/v1/types_oauth.go`, OAuthTemplates). */
export const TEMPLATES = ["login", "providerSelection", "error"] as const;
export type Template = (typeof TEMPLATES)[number];

/** Without these fields nobody could log in (openshift/oauth-server, `pkg/server/login`: the form's names). */
const LOGIN_FIELDS = [".Names.Username", ".Names.Password", ".Names.CSRF"];

/** What a secret holds at most (Kubernetes), with room for the rest of the object. */
const MOST_TEMPLATE_BYTES = 1_000_000;

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
