import { htpasswdUserProblem } from "../../../../config/authentication/fields";

const HASHES = [
  "$2y$10$abcdefghijklmnopqrstuv",
  "$apr1$abcdefgh$0123456789abcdefABCDEF",
  "!$6$abcdefgh$0123456789",
  "$sm3$abcdefgh$0123456789",
  "$bcrypt-sha256$v=2,t=2b,r=12$abcdefgh",
  "$pbkdf2-sha512$25000$abcdefgh$0123456789",
  // Dovecot.
  "{SHA512-CRYPT}$6$abcdefgh$0123456789",
  "{BLF-CRYPT}$2y$05$abcdefgh",
  "{SSHA256.HEX}0123456789abcdef",
  "{ARGON2ID}$argon2id$v=19$m=65536",
  "{SCRAM-SHA-256}4096,abcdefgh",
  "{CRAM-MD5}0123456789abcdef",
  "{PLAIN-MD5}0123456789abcdef",
  // The forms of OpenLDAP, 389 Directory Server, Atlassian, Spring Security, SAP and WebSphere.
  "{BCRYPT}$2a$10$abcdefgh",
  "{SSHA-512}0123456789abcdef",
  "{PBKDF2_SHA256}AAAIAGJhc2U2NA==",
  "{PKCS5S2}0123456789abcdef",
  "{bcrypt}$2a$10$abcdefgh",
  "{pbkdf2@SpringSecurity_v5_8}0123456789abcdef",
  "{x-issha, 1024}0123456789abcdef",
  "{xor}Lz4sLChvLTs=",
  // phpass, Drupal.
  "$P$B0123456789abcdefghijklmnopqrstu",
  "$H$90123456789abcdefghijklmnopqrstu",
  "$S$D0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO",
  "U$P$B0123456789abcdefghijklmnopqrstu",
  // Databases.
  "$A$005$0123456789abcdef",
  "*6BB4837EB74329105EE4568DDA7DC67ED2CA2AD9",
  "SCRAM-SHA-256$4096:abcdefgh$0123456789",
  "md5a3556571e93b0d20722ba62be61e8c2d",
  // Django, Werkzeug, GRUB.
  "pbkdf2_sha256$600000$abcdefgh$0123456789",
  "bcrypt_sha256$$2b$12$abcdefgh",
  "argon2$argon2id$v=19$m=102400",
  "pbkdf2:sha256:600000$abcdefgh$0123456789",
  "scrypt:32768:8:1$abcdefgh$0123456789",
  "grub.pbkdf2.sha512.10000.0123456789",
  // The hash after a user name, as in the files htpasswd and shadow.
  "anna:{SHA512-CRYPT}$6$abcdefgh$0123456789",
  "bert:$P$B0123456789abcdefghijklmnopqrstu\n",
];

const PASSWORDS = [
  "a good password",
  "{Summer}2026!",
  "{curly braces}",
  "$ecret$ecure$",
  "$20$bills$in",
  "$P$ shares are up",
  "*Stars* & more",
  "bcrypt is good!",
  "md5 is not good",
  "hunter2:hunter3",
  "d131dd02c5e6eec4693d9a0698aff95c",
];

describe("the password of an HTPasswd user", () => {
  test.each(HASHES)("is refused if it is a hash: %j", (hash) => {
    expect(htpasswdUserProblem(hash, "carla")?.wrong).toBe(
      "is a hash, but the password itself is needed; the program gives the cluster only its hash",
    );
  });

  test.each(PASSWORDS)("is accepted: %j", (password) => {
    expect(htpasswdUserProblem(password, "carla")).toBeUndefined();
  });
});
