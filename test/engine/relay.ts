import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export interface RelayOptions {
  /** The port that clients connect to; default: a free one. */
  readonly port?: number;
  /** Sees each client's connection before its data is forwarded. */
  readonly onClient?: (client: Socket) => void;
}

/** A loopback port that forwards connections to another port. After `close` it refuses connections, like the port of a dead server. */
export class Relay {
  /** Number of connections that were forwarded. */
  connections = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** @param target the port that connections are forwarded to, or a function that returns it; `undefined` closes the connection */
  static async open(target: number | (() => number | undefined), { port = 0, onClient }: RelayOptions = {}): Promise<Relay> {
    const server = createServer();
    const relay = new Relay(server);
    server.on("connection", (client) => {
      const targetPort = typeof target === "number" ? target : target();
      if (targetPort === undefined) return void client.on("error", () => undefined).destroy();
      relay.connections++;
      onClient?.(client);
      relay.join(client, connect(targetPort, "127.0.0.1"));
    });
    await new Promise<void>((done, failed) => server.once("error", failed).listen(port, "127.0.0.1", done));
    return relay;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private join(client: Socket, upstream: Socket): void {
    client.pipe(upstream).pipe(client);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      this.sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.once("close", () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
