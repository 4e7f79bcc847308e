/**
 * Patterns of password hashes. Where a password could look like a hash, the pattern is narrow. crypt's old DES hashes and bare hexadecimal
 * digits are not recognized, because generated passwords look like them.
 */
const FORMS: readonly RegExp[] = [
  // crypt(5), with the Apache server's $apr1$ and passlib's hashes.
  /^!{0,2}\$(?:apr1|1|2[abxy]?|3|5|6|7|y|gy|sm3y?|md5|sha1|scrypt|argon2(?:i|d|id)|pbkdf2(?:-sha\d{1,3})?|bcrypt-sha\d{3})[$,]/i,
  // LDAP (RFC 2307), Dovecot ({SHA512-CRYPT}), Spring Security ({pbkdf2@SpringSecurity_v5_8}), SAP ({x-issha, 1024}), WebSphere ({xor}).
  /^\{(?:[\w.@, -]{0,30}(?:SHA|MD[45]|CRYPT|PBKDF2|ARGON2|SCRAM|CRAM|DIGEST|LANMAN|NTLM|PKCS5)[\w.@, -]{0,30}|NT|LM|xor)\}/i,
  // phpass (WordPress $P$, phpBB $H$) and Drupal, which writes U before an old hash.
  /^U?\$[PH]\$[./\w]{12}/,
  /^U?\$S\$[./\w]{12}/,
  // MySQL: caching_sha2_password and mysql_native_password.
  /^\$A\$\d{3}\$/,
  /^\*[0-9A-F]{40}$/,
  // PostgreSQL.
  /^SCRAM-SHA-\d{1,3}\$/,
  /^md5[0-9a-f]{32}$/,
  // Django (pbkdf2_sha256$600000$…, bcrypt_sha256$$2b$…) and Werkzeug (scrypt:32768:8:1$…).
  /^(?:pbkdf2|bcrypt|scrypt|argon2|md5|sha1|sha256|sha512|unsalted_md5|unsalted_sha1)[\w:]{0,40}\$/,
  // GRUB.
  /^grub\.pbkdf2\./,
];

/** Whether a text is the hash of a password, alone or after a name and a colon, as in the files htpasswd and shadow. */
export function isPasswordHash(text: string): boolean {
  const [bare, behindName] = [text.trim(), text.slice(text.indexOf(":") + 1).trim()];
  return FORMS.some((form) => form.test(bare) || form.test(behindName));
}
