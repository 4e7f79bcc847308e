/** Name of the Secret with a provider's htpasswd file. */
export function htpasswdSecretName(provider: string): string {
  return `${provider}-users`;
}

/**
 * The htpasswd file of an identity provider: one line per user. OpenShift's OAuth server accepts bcrypt only with the prefixes `$2y$` and
 * `$2a$` (openshift/oauth-server, `pkg/authenticator/password/htpasswd`). `$2b$`, the prefix of newer libraries, means the same algorithm
 * as `$2y$`, so the function replaces `$2b$` by `$2y$`.
 *
 * @param hashes bcrypt hashes by user
 */
export function htpasswdFile(hashes: Readonly<Record<string, string>>): string {
  const lines = Object.entries(hashes).map(([user, hash]) => `${user}:${hash.replace(/^\$2b\$/, "$2y$")}\n`);
  return lines.sort().join("");
}

/** The users of an htpasswd file. */
export function htpasswdUsers(file: string): string[] {
  return file
    .split("\n")
    .filter((line) => line.includes(":"))
    .map((line) => line.slice(0, line.indexOf(":")));
}
