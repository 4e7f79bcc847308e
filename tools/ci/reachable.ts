import { connect } from "node:net";
import { runProgram } from "./run";

/** Maximum time to wait for a connection, in milliseconds. A load balancer on the internet answers within tens of milliseconds. */
const connectTimeoutMs = 5000;

/** Whether something listens at a URL's host and port. */
function isReachable(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || 443, timeout: connectTimeoutMs });
    const end = (reached: boolean) => () => {
      socket.destroy();
      resolve(reached);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}

/** URL of the API of a stack's cluster, if the cluster is installed and its API can't be reached; otherwise undefined. */
export async function unreachableApi(stack: string): Promise<string | undefined> {
  const { code, stdout } = await runProgram("pulumi", ["stack", "output", "apiUrl", "--stack", stack]);
  const url = stdout.trim();
  return code !== 0 || url === "" || (await isReachable(url)) ? undefined : url;
}
