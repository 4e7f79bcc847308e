import type { utils } from "ssh2";

/** An SSH key pair: the public key in OpenSSH's one-line format, the private key in its PEM format (secret). */
export interface SshKeyPair {
  readonly public: string;
  readonly private: string;
}

/** Bytes of an encoded ed25519 public key: the type's name and the key, each with a length prefix of four bytes (RFC 8709, section 4). */
const wholeLength = 4 + "ssh-ed25519".length + 4 + 32;

/**
 * A new ed25519 key pair. The ssh2 library strips leading zero bytes from the public key (ssh2, `lib/keygen.js`). That makes one pair in
 * 256 unreadable, and such a pair is generated again.
 *
 * @param generator `utils` of ssh2. The caller loads the library, so that a preview does not wait for it.
 */
export function ed25519Pair(generator: typeof utils, comment = ""): SshKeyPair {
  for (;;) {
    const pair = generator.generateKeyPairSync("ed25519", { comment });
    if (Buffer.from(pair.public.split(" ")[1], "base64").length === wholeLength) return pair;
  }
}
