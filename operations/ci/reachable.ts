import { connect } from "node:net";

/** Milliseconds for a connection; a balancer on the internet answers in tens of them. */
const patience = 5000;

/** Whether something listens at a URL's host and port. */
export function isReachable(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || 443, timeout: patience });
    const end = (reached: boolean) => () => {
      socket.destroy();
      resolve(reached);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}
