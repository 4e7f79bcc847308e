import { choice, integer, key, MOST_PEM_CHARACTERS, text } from "../key";
import { bastionHostFlaw, bastionUserFlaw, DEFAULT_FORWARDED_PORT, hostKeyFlaw } from "../rules/executor";
import { privateKeyFlaw } from "../rules/private-key";

/** Where the installation runs, and how one gets there. */
export const executorKeys = {
  executor: key(choice(["local", "ssh"], "local"), {
    description:
      "ssh: the installation runs on the installer host. local: on the machine that runs Pulumi, which then needs openshift-install of the release on its PATH and has to reach the cluster's API.",
    example: "ssh",
    source: "this project",
  }),
  installerHostAccess: key(choice(["public", "bastion", "forwarded"], "public"), {
    description:
      "public: ssh to the installer host's public address, from adminCidrs. bastion: ssh through a machine of yours. forwarded: through a port of the machine that runs Pulumi, which you have forwarded to the host's port 22, for instance with an SSM session.",
    example: "forwarded",
    source: "this project",
  }),
  bastionHost: key(text(bastionHostFlaw), {
    description: "Machine through which the installer host is reached; with installerHostAccess bastion only.",
    allowed: "a host name or an IPv4 address, with :port if that isn't 22",
    example: "bastion.example.com",
    source: "this project",
    whenEmpty: "none",
  }),
  bastionUser: key(text(bastionUserFlaw), {
    description: "User on the bastion.",
    allowed: "the name of a user who may forward TCP connections",
    example: "ec2-user",
    source: "OpenSSH (AllowTcpForwarding)",
    whenEmpty: "none",
  }),
  bastionHostKey: key(text(hostKeyFlaw, "", MOST_PEM_CHARACTERS), {
    description:
      "The bastion's host key: without it anyone could pose as the bastion. If the bastion has several, the ECDSA key, or else the RSA key.",
    allowed: "the line of a .pub file in the bastion's /etc/ssh",
    example: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKBHqpljB8DRpyoEzPSTrQ21nPSLuspdsQLpT6T0f8br root@bastion",
    source: "golang.org/x/crypto (order in which host keys are asked for)",
    whenEmpty: "none",
  }),
  bastionPrivateKey: key(text(privateKeyFlaw("bastionPrivateKey"), "", MOST_PEM_CHARACTERS), {
    description: "Private key of bastionUser, without a passphrase.",
    allowed: "a private key in OpenSSH's or PEM form",
    example: "-----BEGIN OPENSSH PRIVATE KEY-----\n…\n-----END OPENSSH PRIVATE KEY-----\n",
    source: "OpenSSH",
    whenEmpty: "none",
    secret: true,
  }),
  forwardedPort: key(integer(1, 65_535, DEFAULT_FORWARDED_PORT), {
    description:
      "Port of the machine that runs Pulumi that is forwarded to the installer host's port 22; with installerHostAccess forwarded only. It may be opened while the update waits for the host: until five minutes after the host has booted.",
    example: "2222",
    source: "this project",
  }),
} as const;
