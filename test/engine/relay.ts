import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A loopback port that forwards connections to another port. After `close` it refuses connections, like the port of a dead server. */
export class Relay {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async open(target: number): Promise<Relay> {
    const server = createServer();
    const relay = new Relay(server);
    server.on("connection", (client) => {
      const upstream = connect(target, "127.0.0.1");
      client.pipe(upstream).pipe(client);
      for (const [socket, other] of [
        [client, upstream],
        [upstream, client],
      ]) {
        relay.sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.once("close", () => {
          relay.sockets.delete(socket);
          other.destroy();
        });
      }
    });
    await new Promise<void>((done, failed) => server.once("error", failed).listen(0, "127.0.0.1", done));
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
}
