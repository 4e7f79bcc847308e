import type { InstallerHostAccess } from "../../config/configuration";

/** SSH address and keys of the installer host. */
export interface SshEndpoint {
  /**
   * The installer host's address or name, as the connecting machine sees it. The connecting machine is the bastion, if there is one, otherwise the
   * machine that runs Pulumi.
   */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Line of a `.pub` file: the host's key whose type comes first in {@link HOST_KEY_TYPES}. */
  readonly hostKey: string;
  /** Private key of the user; secret. */
  readonly privateKey: string;
}

/** A machine to which a connection is opened. The field names are those of `@pulumi/command`. */
interface Machine extends Readonly<DialRetries> {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
  readonly privateKey: string;
  readonly agentSocketPath: string;
}

/** The `connection` of a remote command. */
export interface RemoteConnection extends Machine {
  readonly proxy?: Machine;
}

interface DialRetries {
  dialErrorLimit: number;
  perDialTimeout: number;
}

/**
 * Retries that give a machine time to boot. The plugin makes one attempt more than `dialErrorLimit`. It waits 0.1 s after the first
 * attempt, then 1.5 times the previous pause, at most 5 s (pulumi/pulumi, `sdk/go/common/util/retry`). So 70 refused attempts last 311 s:
 * an EC2 instance, which refuses or ignores connections while it boots, gets five minutes. If nothing answers at all, each of the 71
 * attempts also lasts `perDialTimeout` seconds, enough for two retransmissions of a lost packet: 666 s in all.
 */
export const DIAL_RETRIES: Readonly<DialRetries> = { dialErrorLimit: 70, perDialTimeout: 5 };

/** Upper bound in seconds for all attempts together, rounded up; see {@link DIAL_RETRIES}. */
export const MAX_DIALING_SECONDS = 690;

/**
 * Types of host keys in the order in which the plugin's SSH library requests them. If a server has several keys, only the first of these
 * can be pinned. Source: golang.org/x/crypto, `ssh/common.go`, `defaultHostKeyAlgos`.
 */
export const HOST_KEY_TYPES = ["ecdsa", "rsa", "ed25519"] as const;

/** The connection to the installer host: direct, through a bastion, or to a local port that another program forwards to it. */
export function connectionTo(host: SshEndpoint, access: InstallerHostAccess): RemoteConnection {
  const { address, port, user, hostKey, privateKey } = host;
  const direct = machine({ host: address, port, user, hostKey, privateKey });
  switch (access.kind) {
    case "public":
      return direct;
    case "forwarded":
      return { ...direct, host: "127.0.0.1", port: access.port };
    case "bastion":
      return { ...direct, proxy: machine({ ...access.bastion, privateKey: access.bastion.privateKey.reveal() }) };
  }
}

/**
 * A machine for which only the given key is offered, and no key of an SSH agent: the agent may be missing in a later run, or may offer so many
 * keys that the server ends the connection.
 */
function machine(given: Omit<Machine, keyof DialRetries | "agentSocketPath">): Machine {
  return { ...given, hostKey: given.hostKey.trim(), agentSocketPath: "", ...DIAL_RETRIES };
}
