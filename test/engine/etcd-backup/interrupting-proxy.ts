import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** A proxy in front of the given proxy. For a given number of times, it cuts a connection that has sent a given number of bytes. */
export class InterruptingProxy {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(proxy: string, times: number, bytes: number): Promise<InterruptingProxy> {
    const target = new URL(proxy);
    let left = times;
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      const onward = connect(Number(target.port), target.hostname);
      let sent = 0;
      socket.on("data", (chunk: Buffer) => {
        sent += chunk.length;
        if (sent <= bytes || left === 0) return;
        left -= 1;
        socket.destroy();
        onward.destroy();
      });
      for (const each of [socket, onward]) {
        sockets.add(each);
        each.on("error", () => each.destroy()).on("close", () => (socket.destroy(), onward.destroy()));
      }
      socket.pipe(onward).pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const way = new InterruptingProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    sockets.forEach((each) => way.sockets.add(each));
    return way;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
