import type { ValueProblem } from "../problem";
import { invisibleIn } from "../invisible";
import { userNameProblem } from "../user-names";
import { isPasswordHash } from "./password-hash";
import { isDnsLabel } from "../object-name";

/** bcrypt ignores the bytes of a password after this number (bcryptjs, `truncates`). */
const MAX_PASSWORD_BYTES = 72;

/** Shortest allowed password (NIST SP 800-63B, section 3.1.1). */
const MIN_PASSWORD_CHARACTERS = 8;

/** Checks a user of the htpasswd file, and the password, which bcrypt must not cut. */
export function htpasswdUserProblem(password: string, name: string): ValueProblem | undefined {
  const problem = name.includes(":")
    ? { wrong: "has a colon in it, which separates name and password in the htpasswd file" }
    : userNameProblem(name);
  if (problem) return { wrong: `has a name that ${problem.wrong}` };
  if (password.startsWith(`${name}:`)) return { wrong: "is a line of an htpasswd file, but the password itself is needed" };
  if (isPasswordHash(password))
    return { wrong: "is a hash, but the password itself is needed; the program gives the cluster only its hash" };
  // eslint-disable-next-line no-control-regex -- finds the line break at the end of a file with the password
  if (/[\x00-\x1f\x7f]/.test(password)) return { wrong: "has a line break or another control character in its password" };
  if (Array.from(password).length < MIN_PASSWORD_CHARACTERS)
    return { wrong: `has a password of fewer than ${MIN_PASSWORD_CHARACTERS} characters` };
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) return { wrong: `has a password of more than ${MAX_PASSWORD_BYTES} bytes` };
  return undefined;
}

/** Checks the name of a binding or namespace: a DNS label (RFC 1123). */
export function bindingNameProblem(name: string): ValueProblem | undefined {
  return isDnsLabel(name)
    ? undefined
    : { wrong: `is ${JSON.stringify(name)}, which is not a valid name`, allowed: "1 to 63 lower-case letters, digits and hyphens" };
}

/** Checks the name of a role, which is a segment of a URL path (kubernetes/kubernetes, `pkg/apis/rbac/validation`, ValidateRBACName). */
export function kubernetesRoleNameProblem(name: string): ValueProblem | undefined {
  return /[/%]/.test(name) || [".", ".."].includes(name) || invisibleIn(name) !== undefined || name !== name.trim()
    ? { wrong: `is ${JSON.stringify(name)}, which is not a valid name of a role` }
    : undefined;
}

/** Names of the login pages (openshift/api, `config/v1/types_oauth.go`, OAuthTemplates). */
export const TEMPLATES = ["login", "providerSelection", "error"] as const;
export type Template = (typeof TEMPLATES)[number];

/** Form fields without which nobody could log in (openshift/oauth-server, `pkg/server/login`). */
const LOGIN_FIELDS = [".Names.Username", ".Names.Password", ".Names.CSRF"];

/** Maximum bytes of a page. A Secret holds 1 MiB (Kubernetes), and the rest of the object needs room, too. */
export const MAX_TEMPLATE_BYTES = 1_000_000;

export function templateProblems(templates: Readonly<Record<string, string>>): ValueProblem[] {
  return Object.entries(templates).flatMap(([name, text]): ValueProblem[] => {
    const entry = `entry ${JSON.stringify(name)}`;
    if (!(TEMPLATES as readonly string[]).includes(name)) return [{ wrong: `${entry} is not one of ${TEMPLATES.join(", ")}` }];
    if (text.trim() === "") return [{ wrong: `${entry} is empty` }];
    if (Buffer.byteLength(text) > MAX_TEMPLATE_BYTES) return [{ wrong: `${entry} has more than ${MAX_TEMPLATE_BYTES} bytes` }];
    const missing = name === "login" ? LOGIN_FIELDS.filter((each) => !text.includes(each)) : [];
    return missing.length === 0 ? [] : [{ wrong: `${entry} lacks ${missing.join(", ")}, so nobody could log in` }];
  });
}

/** Name of the binding that the program creates for clusterAdmins and clusterAdminGroups. */
export const CLUSTER_ADMINS = "okd-aws-cluster-admins";
