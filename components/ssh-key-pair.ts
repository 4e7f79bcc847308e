import { utils } from "ssh2";

/** A key pair as ssh has it: OpenSSH's one-line form, and its PEM form, which is secret. */
export interface SshKeyPair {
  readonly public: string;
  readonly private: string;
}

/** Bytes of an ed25519 public key on the wire: the type's name and the key, each after a length of four (RFC 8709, section 4). */
const wholeLength = 4 + "ssh-ed25519".length + 4 + 32;

/**
 * A new ed25519 key pair. The library cuts zero bytes off the beginning of a public key (ssh2, `lib/keygen.js`), which one key in 256 has: such a pair
 * nothing can read, so another one is made.
 */
export function ed25519Pair(comment = ""): SshKeyPair {
  for (;;) {
    const pair = utils.generateKeyPairSync("ed25519", { comment });
    if (Buffer.from(pair.public.split(" ")[1], "base64").length === wholeLength) return pair;
  }
}
