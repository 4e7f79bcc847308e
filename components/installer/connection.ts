import type { InstallerHostAccess } from "../../config/configuration";

/** The installer host as its sshd is known. */
export interface InstallerHost {
  /** Address or name that the one who connects can reach: with a bastion the bastion, otherwise the machine that runs Pulumi. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Line of a `.pub` file; of the host's keys the one that {@link HOST_KEY_TYPES} names first. */
  readonly hostKey: string;
  /** Secret. */
  readonly privateKey: string;
}

/** One machine that is dialed; the names are those of `@pulumi/command`. */
interface Machine extends Readonly<Patience> {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
  readonly privateKey: string;
  readonly agentSocketPath: string;
}

/** The `connection` of a remote command. */
export interface Connection extends Machine {
  readonly proxy?: Machine;
}

interface Patience {
  dialErrorLimit: number;
  perDialTimeout: number;
}

/**
 * How long a machine may take to boot. The plugin dials once more than `dialErrorLimit` says; between two attempts it waits 0.1 s, then 1.5 times as
 * long as before, but never more than 5 s (pulumi/pulumi, `sdk/go/common/util/retry`). So 70 refused attempts last 311 s: an EC2 machine, which refuses
 * or ignores connections while it boots, gets five minutes. Where nothing answers at all, each of the 71 attempts lasts `perDialTimeout` seconds in
 * addition, enough for two repetitions of a lost packet: 666 s in all.
 */
export const PATIENCE: Readonly<Patience> = { dialErrorLimit: 70, perDialTimeout: 5 };

/** Seconds after which dialing has ended, one way or the other, rounded up; see {@link PATIENCE}. */
export const LONGEST_DIALING_SECONDS = 690;

/**
 * Types of host keys in the order in which the plugin's ssh library asks a server for them: of a server with several keys only the first of these can
 * be pinned. Source: golang.org/x/crypto, `ssh/common.go`, `defaultHostKeyAlgos`.
 */
export const HOST_KEY_TYPES = ["ecdsa", "rsa", "ed25519"] as const;

/** How the installer host is connected to: directly, from a bastion, or at a port of this machine that something else forwards to it. */
export function connectionTo(host: InstallerHost, access: InstallerHostAccess): Connection {
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

/** Only the given key is offered: the user's agent may be gone in a later run, or hold more keys than a server lets one try. */
function machine(given: Omit<Machine, keyof Patience | "agentSocketPath">): Machine {
  return { ...given, hostKey: given.hostKey.trim(), agentSocketPath: "", ...PATIENCE };
}
