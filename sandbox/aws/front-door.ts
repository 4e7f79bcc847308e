import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { findRoute, type Route } from "./routes";

/** AWS's host names, in every partition that an installation may name. */
const AWS_NAMES = /(^|\.)(amazonaws\.com(\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)$/;

export interface FrontDoorOptions {
  /** The sandbox's directory, where further routes are declared (`routes.ts`). */
  directory: string;
  /** The port of the emulated AWS, itself a proxy. */
  emulatorPort: number;
}

/** A refusal is for people: it says which name, and why there is no way to it. */
class Refusal extends Error {
  constructor(
    readonly status: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The sandbox's only way out, everybody's `HTTPS_PROXY`: AWS's names lead to the emulated AWS, declared names to loopback, and no name to the world.
 * Bytes are passed on as they come; the front door neither ends TLS nor looks inside.
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
  // Idle connections belong to the clients: an update of the stack waits for minutes between two requests.
  server.keepAliveTimeout = 600_000;
  server.requestTimeout = 0;
  return server;
}

async function openTunnel(options: FrontDoorOptions, authority: string, client: Duplex, head: Buffer): Promise<void> {
  const { host, port } = parseAuthority(authority);
  if (AWS_NAMES.test(host)) {
    const emulator = await open("127.0.0.1", options.emulatorPort, "the emulated AWS");
    // The emulator is a proxy itself: its answer to CONNECT is the client's answer.
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
  // A reset is passed on as a reset: clients tell it from an end.
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

async function resolveRoute(route: Route | undefined, host: string, port: number): Promise<string> {
  if (route === undefined) {
    throw new Refusal(
      "403 Forbidden",
      `The sandbox has no way to ${host}:${port}: it reaches the emulated AWS and its own cluster, nothing else.`,
    );
  }
  if ("target" in route) return route.target;
  const answer = await fetch(`${route.resolver}?host=${encodeURIComponent(host)}&port=${port}`).catch((error: unknown) => {
    throw new Refusal("502 Bad Gateway", `the resolver for ${host} does not answer: ${String(error)}`);
  });
  if (!answer.ok) throw new Refusal("502 Bad Gateway", (await answer.text()).trim());
  return ((await answer.json()) as { target: string }).target;
}

/** `http://` requests of AWS clients, in the absolute form of proxies. */
function forwardPlainRequest(options: FrontDoorOptions, message: IncomingMessage, response: ServerResponse): void {
  if (message.url === "/health") {
    response.end("ready\n");
    return;
  }
  const host = URL.canParse(message.url ?? "") ? new URL(message.url ?? "").hostname : "";
  if (!AWS_NAMES.test(host)) {
    response
      .writeHead(403, { "Content-Type": "text/plain" })
      .end(`The sandbox has no way to ${host || (message.url ?? "")}: it reaches the emulated AWS only.\n`);
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

/** `host:port`; the port defaults to that of https. */
function parseAuthority(authority: string): { host: string; port: number } {
  const match = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(authority);
  if (match === null) throw new Refusal("400 Bad Request", `"${authority}" is not a host and port`);
  const [, host, port = "443"] = match;
  return { host: host.toLowerCase().replace(/\.$/, ""), port: Number(port) };
}
