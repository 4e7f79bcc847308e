import { createServer, type Server } from "node:https";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ServingCertificate } from "../certificate-authority";

/** The data with which a router serves. */
export interface RouteServing {
  readonly certificate: ServingCertificate;
  /** By host of a Route: the loopback ports of the ready pods behind the Route. */
  readonly backends: ReadonlyMap<string, readonly number[]>;
}

/**
 * The HTTPS port of one router: it ends TLS with the router's certificate and forwards requests to the pods of the Route's Service in turn. A
 * host that the router has not admitted, and a Service without ready pods, get 503 (openshift/router,
 * `images/router/haproxy/conf/error-page-503.http`, release-4.19).
 */
export class RouteServer {
  private readonly server: Server;
  private turn = 0;

  private constructor(private serving: RouteServing) {
    const { cert, key } = serving.certificate;
    this.server = createServer({ cert, key }, (message, response) => {
      this.forward(message, response);
    });
  }

  static async start(serving: RouteServing): Promise<RouteServer> {
    const started = new RouteServer(serving);
    await new Promise<void>((done, failed) => started.server.once("error", failed).listen(0, "127.0.0.1", done));
    return started;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Serves changed Routes, pods and certificates from now on. */
  update(serving: RouteServing): void {
    this.serving = serving;
    const { cert, key } = serving.certificate;
    this.server.setSecureContext({ cert, key });
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private forward(message: IncomingMessage, response: ServerResponse): void {
    const host = (message.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
    const ports = this.serving.backends.get(host) ?? [];
    if (ports.length === 0) return void response.writeHead(503, { "Content-Type": "text/plain" }).end("Application is not available\n");
    const port = ports[this.turn++ % ports.length];
    const headers = {
      ...message.headers,
      "x-forwarded-host": host,
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
    };
    const outgoing = request({ host: "127.0.0.1", port, method: message.method, path: message.url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on("error", () => {
      if (!response.headersSent) response.writeHead(502);
      response.end();
    });
    message.pipe(outgoing);
  }
}
