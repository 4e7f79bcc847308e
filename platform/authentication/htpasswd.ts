/** Name of the secret with a provider's file. */
export function htpasswdSecretName(provider: string): string {
  return `${provider}-users`;
}

/**
 * The file of an identity provider of type HTPasswd: a line for each user. OpenShift's server knows bcrypt by `$2y$` and `$2a$` only
 * (openshift/oauth-server, `pkg/authenticator/password/htpasswd`); `$2b$` is the same computation under the name that newer libraries give it.
 *
 * @param hashes bcrypt hashes by user
 */
export function htpasswdFile(hashes: Readonly<Record<string, string>>): string {
  const lines = Object.entries(hashes).map(([user, hash]) => `${user}:${hash.replace(/^\$2b\$/, "$2y$")}\n`);
  return lines.sort().join("");
}

/** The users of such a file. */
export function htpasswdUsers(file: string): string[] {
  return file
    .split("\n")
    .filter((line) => line.includes(":"))
    .map((line) => line.slice(0, line.indexOf(":")));
}
