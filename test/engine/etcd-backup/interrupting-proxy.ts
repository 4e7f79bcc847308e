import { Relay } from "../relay";

/** A relay in front of a proxy. For a given number of times, it cuts a connection on which the client has sent a given number of bytes. */
export function interruptingProxy(proxy: string, times: number, bytes: number): Promise<Relay> {
  let left = times;
  return Relay.open(Number(new URL(proxy).port), {
    onClient: (client) => {
      let sent = 0;
      client.on("data", (chunk: Buffer) => {
        sent += chunk.length;
        if (sent <= bytes || left === 0) return;
        left -= 1;
        client.destroy();
      });
    },
  });
}
