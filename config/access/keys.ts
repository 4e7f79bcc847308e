import { key, list, MAX_PEM_CHARACTERS, text } from "../key";
import { privateKeyProblem } from "../private-key";
import { sshPublicKeyProblem } from "../ssh-key";
import { adminCidrProblem } from "./fields";

/** AWS allows 60 rules in a security group; the bootstrap instance's security group needs two for each CIDR block. */
const MAX_ADMIN_RANGES = 25;

/** Keys for administrators' access, and for the pull secret. */
export const accessKeys = {
  adminCidrs: key(list(adminCidrProblem, { max: MAX_ADMIN_RANGES }), {
    description: "CIDR blocks from which people reach ssh and the journal of the bootstrap instance, and ssh of the installer host.",
    allowed: "IPv4 CIDR blocks of /8 or longer; a single address is a /32",
    example: '["198.51.100.0/24"]',
    source: "this project (the journal shows secrets)",
    whenEmpty: "only from the instances' own CIDR blocks",
  }),
  sshPublicKey: key(text(sshPublicKeyProblem, "", MAX_PEM_CHARACTERS), {
    description: "Public ssh key of the user core on every instance.",
    allowed: "one OpenSSH public key: ed25519, ecdsa, or rsa with at least 2048 bits; comment lines are removed",
    example: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKBHqpljB8DRpyoEzPSTrQ21nPSLuspdsQLpT6T0f8br core@okd",
    source: "OpenSSH; NIST SP 800-131A (RSA length)",
    whenEmpty: "a key pair is created and kept in the state",
  }),
  sshPrivateKey: key(text(privateKeyProblem("sshPrivateKey"), "", MAX_PEM_CHARACTERS), {
    description:
      "Private key for sshPublicKey, without a passphrase. Only with executor ssh: the program logs in to the installer host with this key.",
    allowed: "a private key in OpenSSH or PEM format",
    example: "-----BEGIN OPENSSH PRIVATE KEY-----\n…\n-----END OPENSSH PRIVATE KEY-----\n",
    source: "OpenSSH",
    whenEmpty: "the private key of the created key pair",
    secret: true,
  }),
  pullSecret: key(text(undefined, "", MAX_PEM_CHARACTERS), {
    description: "Pull secret. OpenShift needs the pull secret from the Red Hat console; OKD needs none.",
    allowed: 'JSON of the form {"auths": {"<registry>": {"auth": "<base64>"}}}',
    example: '{"auths":{"quay.io":{"auth":"dXNlcjpwYXNzd29yZA=="}}}',
    source: "OpenShift (pullSecret)",
    whenEmpty: "with OKD, a pull secret without credentials",
    secret: true,
  }),
} as const;
