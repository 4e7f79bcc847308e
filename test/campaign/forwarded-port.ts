import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { join } from "node:path";

interface Status {
  readonly installerHosts?: Readonly<Partial<Record<string, { readonly sessionPort?: number }>>>;
}

/**
 * A port of this machine that is forwarded to port 22 of the simulated installer host, as a session of Systems Manager forwards one. The
 * port works once the host exists.
 */
export class ForwardedPort {
  /** Number of connections that reached the host. */
  passed = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param sandbox directory of the sandbox with the installer host */
  static async open(sandbox: string): Promise<ForwardedPort> {
    const server = createServer((client) => {
      const target = sessionPort(sandbox);
      client.on("error", () => client.destroy());
      if (target === undefined) {
        client.destroy();
        return;
      }
      forwarded.passed++;
      const host = connect(target, "127.0.0.1");
      host.on("error", () => client.destroy());
      host.on("close", () => client.destroy());
      client.on("close", () => host.destroy());
      client.pipe(host).pipe(client);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const forwarded = new ForwardedPort(server, (server.address() as AddressInfo).port);
    return forwarded;
  }

  close(): void {
    this.server.close();
  }
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
