import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { kubeconfigText, makeCertificate } from "./certificates";

/** A Kubernetes API that gives fixed answers, over TLS, to the holder of one client certificate. */
export interface FakeApi {
  readonly kubeconfig: string;
  /** The administrator's private key, as PEM. */
  readonly key: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a fake API on a free port. It answers paths without an answer with 404. */
export async function startFakeApi(answers: Readonly<Record<string, unknown>>): Promise<FakeApi> {
  const now = new Date();
  const server = await makeCertificate("localhost", now);
  const admin = await makeCertificate("admin", now);
  const options = { cert: server.certificate, key: server.key, ca: admin.certificate, requestCert: true, rejectUnauthorized: true };
  const listener = createServer(options, (request, response) => {
    const answer = answers[(request.url ?? "").replace(/\?.*$/, "")];
    response.writeHead(answer === undefined ? 404 : 200).end(typeof answer === "string" ? answer : JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((ready) => listener.listen(0, "127.0.0.1", ready));
  const { port } = listener.address() as AddressInfo;
  return {
    kubeconfig: kubeconfigText(`https://localhost:${port}`, server.certificate, admin),
    key: admin.key,
    port,
    close: () =>
      new Promise((closed) => {
        listener.close(() => {
          closed();
        });
        listener.closeAllConnections();
      }),
  };
}
