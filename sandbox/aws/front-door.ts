import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { findRoute, type FrontDoorRoute } from "./routes";

/** AWS's host names in all supported partitions. */
const AWS_NAMES = /(^|\.)(amazonaws\.com(\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)$/;

export interface FrontDoorOptions {
  /** The directory of the emulated AWS, in which further routes are declared (`routes.ts`). */
  directory: string;
  /** The port of the emulated AWS, which is itself a proxy. */
  emulatorPort: number;
}

/** The reason why a connection is refused. The message, written for the user, names the host and the reason. */
class Refusal extends Error {
  constructor(
    readonly status: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The sandbox's only egress, used by all programs as `HTTPS_PROXY`. AWS's host names lead to the emulated AWS, and declared names to loopback.
 * All other names are refused. The front door passes on bytes unchanged; it neither terminates TLS nor reads the content.
 */
export function createFrontDoor(options: FrontDoorOptions): Server {
  const server = createServer((message, response) => {
    forwardPlainRequest(options, message, response);
  });
  server.on("connect", (message: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on("error", () => client.destroy());
    openTunnel(options, message.url ?? "", client, head).catch((error: unknown) => {
      const refusal = error instanceof Refusal ? error : new Refusal("502 Bad Gateway", String(error));
      console.log(`refused ${message.url ?? ""}: ${refusal.message}`);
      client.end(`HTTP/1.1 ${refusal.status}\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${refusal.message}\n`);
    });
  });
  // Clients decide when idle connections are closed: an update of the stack may wait for minutes between two requests.
  server.keepAliveTimeout = 600_000;
  server.requestTimeout = 0;
  return server;
}

async function openTunnel(options: FrontDoorOptions, authority: string, client: Duplex, head: Buffer): Promise<void> {
  const { host, port } = parseAuthority(authority);
  if (AWS_NAMES.test(host)) {
    const emulator = await open("127.0.0.1", options.emulatorPort, "the emulated AWS");
    // The emulator is itself a proxy, so its answer to CONNECT goes to the client.
    emulator.write(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`);
    join(client, emulator, head);
    return;
  }
  const target = parseAuthority(await resolveRoute(findRoute(options.directory, host), host, port));
  const upstream = await open(target.host, target.port, host);
  client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
  join(client, upstream, head);
}

function join(client: Duplex, upstream: Socket, head: Buffer): void {
  if (head.length > 0) upstream.write(head);
  // A reset is passed on as a reset, because clients distinguish a reset from a regular end of the connection.
  upstream.on("error", () => (client instanceof Socket ? client.resetAndDestroy() : client.destroy()));
  client.on("close", () => upstream.destroy());
  upstream.on("close", () => client.destroy());
  client.pipe(upstream);
  upstream.pipe(client);
}

function open(host: string, port: number, name: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once("connect", () => {
      resolve(socket);
    });
    socket.once("error", (error) => {
      reject(new Refusal("502 Bad Gateway", `${name} does not answer at ${host}:${port}: ${error.message}`));
    });
  });
}

async function resolveRoute(route: FrontDoorRoute | undefined, host: string, port: number): Promise<string> {
  if (route === undefined) {
    throw new Refusal("403 Forbidden", `The sandbox can't reach ${host}:${port}: it reaches only the emulated AWS and its own cluster.`);
  }
  if ("target" in route) return route.target;
  const answer = await fetch(`${route.resolver}?host=${encodeURIComponent(host)}&port=${port}`).catch((error: unknown) => {
    throw new Refusal("502 Bad Gateway", `the resolver for ${host} does not answer: ${String(error)}`);
  });
  if (!answer.ok) throw new Refusal("502 Bad Gateway", (await answer.text()).trim());
  return ((await answer.json()) as { target: string }).target;
}

/** Forwards `http://` requests of AWS clients, in the absolute form that proxies get. */
function forwardPlainRequest(options: FrontDoorOptions, message: IncomingMessage, response: ServerResponse): void {
  if (message.url === "/health") {
    response.end("ready\n");
    return;
  }
  const host = URL.canParse(message.url ?? "") ? new URL(message.url ?? "").hostname : "";
  if (!AWS_NAMES.test(host)) {
    response
      .writeHead(403, { "Content-Type": "text/plain" })
      .end(`Without TLS the sandbox can't reach ${host || (message.url ?? "")}: it reaches only the emulated AWS.\n`);
    return;
  }
  const forwarded = request(
    { host: "127.0.0.1", port: options.emulatorPort, method: message.method, path: message.url, headers: message.headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  forwarded.on("error", (error) =>
    response.writeHead(502, { "Content-Type": "text/plain" }).end(`the emulated AWS does not answer: ${error.message}\n`),
  );
  message.pipe(forwarded);
}

/** Parses `host:port`. The default port is 443. */
function parseAuthority(authority: string): { host: string; port: number } {
  const match = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(authority);
  if (match === null) throw new Refusal("400 Bad Request", `"${authority}" is not a host and port`);
  const [, host, port = "443"] = match;
  return { host: host.toLowerCase().replace(/\.$/, ""), port: Number(port) };
}
