import { choice, integer, key, MAX_PEM_CHARACTERS, text } from "../key";
import { bastionHostProblem, bastionUserProblem, DEFAULT_FORWARDED_PORT, hostKeyProblem } from "./fields";
import { privateKeyProblem } from "../private-key";

/** Keys that decide where the installation runs, and how Pulumi reaches the installer host. */
export const executorKeys = {
  executor: key(choice(["local", "ssh"], "local"), {
    description:
      "ssh: the installation runs on the installer host. local: the installation runs on the computer that runs Pulumi, which then needs the release's openshift-install on its PATH and a route to the cluster's API.",
    example: "ssh",
    source: "this project",
  }),
  installerHostAccess: key(choice(["public", "bastion", "forwarded"], "public"), {
    description:
      "How Pulumi reaches the installer host. public: ssh to its public address, from adminCidrs. bastion: ssh through your own bastion. forwarded: ssh to a local port that you forward to the host's port 22, for instance with an SSM session.",
    example: "forwarded",
    source: "this project",
  }),
  bastionHost: key(text(bastionHostProblem), {
    description: "Bastion through which Pulumi reaches the installer host; only with installerHostAccess bastion.",
    allowed: "a host name or an IPv4 address, with :port if the port is not 22",
    example: "bastion.example.com",
    source: "this project",
    whenEmpty: "none",
  }),
  bastionUser: key(text(bastionUserProblem), {
    description: "User name on the bastion.",
    allowed: "the name of a user who is allowed to forward TCP connections",
    example: "ec2-user",
    source: "OpenSSH (AllowTcpForwarding)",
    whenEmpty: "none",
  }),
  bastionHostKey: key(text(hostKeyProblem, "", MAX_PEM_CHARACTERS), {
    description:
      "Public host key of the bastion; without it anyone could impersonate the bastion. If the bastion has several, use the ECDSA key, or else the RSA key.",
    allowed: "the line of a .pub file in the bastion's /etc/ssh",
    example: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKBHqpljB8DRpyoEzPSTrQ21nPSLuspdsQLpT6T0f8br root@bastion",
    source: "golang.org/x/crypto (order in which host key types are requested)",
    whenEmpty: "none",
  }),
  bastionPrivateKey: key(text(privateKeyProblem("bastionPrivateKey"), "", MAX_PEM_CHARACTERS), {
    description: "Private key of bastionUser, without a passphrase.",
    allowed: "a private key in OpenSSH or PEM format",
    example: "-----BEGIN OPENSSH PRIVATE KEY-----\n…\n-----END OPENSSH PRIVATE KEY-----\n",
    source: "OpenSSH",
    whenEmpty: "none",
    secret: true,
  }),
  forwardedPort: key(integer(1, 65_535, DEFAULT_FORWARDED_PORT), {
    description:
      "Local port that you forward to the installer host's port 22; only with installerHostAccess forwarded. You can start the forwarding while the update waits for the host, until five minutes after the host has booted.",
    example: "2222",
    source: "this project",
  }),
} as const;
