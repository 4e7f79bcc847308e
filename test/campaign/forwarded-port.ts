import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Relay } from "../engine/relay";

interface Status {
  readonly installerHosts?: Readonly<Partial<Record<string, { readonly sessionPort?: number }>>>;
}

/**
 * Opens a port of this machine that is forwarded to port 22 of the simulated installer host, as a Systems Manager session does. Connections succeed
 * as soon as the host exists.
 *
 * @param sandbox directory of the sandbox with the installer host
 */
export function forwardedPort(sandbox: string): Promise<Relay> {
  return Relay.open(() => sessionPort(sandbox));
}

/** The port to which the simulator lets a session connect; undefined until a session could be opened. */
function sessionPort(sandbox: string): number | undefined {
  try {
    const { installerHosts = {} } = JSON.parse(readFileSync(join(sandbox, "cluster", "status.json"), "utf8")) as Status;
    return Object.values(installerHosts).find((host) => host?.sessionPort !== undefined)?.sessionPort;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined; // No instance exists yet.
    throw error;
  }
}
