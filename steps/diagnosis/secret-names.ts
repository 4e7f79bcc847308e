/**
 * Ends of the names of secret fields, in upper or lower case: `client_secret`, `DB_PASSWORD`, `idToken`, `X-Auth-Token`. All repetitions are bounded, because the
 * pattern is tried at each character of texts with megabytes.
 */
const WORDS = [
  "pass(?:word|phrase|wd|code)s?",
  "(?<=[_-])(?:pass|pwd)",
  "(?<=[\"'])pass(?=[\"'])",
  "(?:bind|root)pw",
  "secret",
  "token",
  "(?:api|access|secret|private|encryption|signing|shared)[-_]?key",
  "client-key-data",
  "(?<![A-Za-z0-9])auth",
  "(?:set-)?cookie",
  "authorization",
  "dockerc(?:onfigjson|fg)",
].join("|");

/** Suffix that may follow the word in a name: `tokenValue`, `password_hash`, `PASSWORD2`. */
const SUFFIX = "(?:[-_]?(?:value|text|string|data|hash|base64|b64|plain|raw|\\d{1,3}))?";

export const NAME = new RegExp(`(?:${WORDS})${SUFFIX}(?![\\w-])`, "gi");

/** HTTP headers, whose value extends to the end of the line: `Bearer …`, `a=b; c=d`. */
export const HEADER = /(?:cookie|authorization)$/i;

/**
 * Fields that only refer to a secret, in an object that has the name of a secret: the fields of Kubernetes' references and volumes (kubernetes/api,
 * `core/v1/types.go`: SecretVolumeSource, ServiceAccountTokenProjection), the fields of OpenShift's references, and the users of Ignition's `passwd`.
 * `key` is not in the list: it may be the secret itself.
 */
export const REFERENCE =
  /^(?:(?:secret|file|host|user|path)?names?|namespace|(?:mount)?paths?|items?|optional|(?:default)?mode|kind|api(?:version|group)|type|uid|audiences?|expirationseconds|readonly|resourceversion|users?|groups?|sshauthorizedkeys|shell)$/i;
