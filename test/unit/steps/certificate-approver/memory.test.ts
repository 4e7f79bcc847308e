/** The approver's bundle with a small heap, against an API with requests of the largest size that etcd accepts. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { dump } from "js-yaml";
import { makeBundle } from "../../../../steps/certificate-approver/bundle";
import type { ApproverConfigurationInput } from "../../../../steps/certificate-approver/configuration";
import type { CertificateRequest } from "../../../../steps/certificate-approver/request";
import { clientRequest } from "./certificate-requests";

jest.setTimeout(180_000);

const node = "ip-10-0-0-1.ec2.internal";
const path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const clientSigner = "kubernetes.io/kube-apiserver-client-kubelet";
/** Heap limit of the approver's process, in MB. The large requests together are larger than the heap. */
const heap = 64;
const largeRequests = 100;
/** Text before the PEM block, which a reader of PEM skips. */
const padding = "A".repeat(1_300_000);

/** A server in place of kube-apiserver, with the large requests and after them one valid request. */
class FakeApi {
  readonly queries: URLSearchParams[] = [];
  readonly approved: string[] = [];
  private readonly servers: Server[] = [];
  private tell: () => void = () => undefined;
  readonly approval = new Promise<void>((resolve) => (this.tell = resolve));

  private constructor(private readonly good: CertificateRequest) {}

  static async start(): Promise<FakeApi> {
    return new FakeApi(await clientRequest(node));
  }

  async listen(answer: (message: IncomingMessage, response: ServerResponse) => unknown): Promise<string> {
    const server = createServer((message, response) => void answer(message, response));
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  readonly kubernetes = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(message.url ?? "", "http://localhost");
    response.setHeader("content-type", "application/json");
    if (message.method === "PUT") {
      this.approved.push(pathname.split("/").at(-2) ?? "");
      response.end(await text(message));
      this.tell();
    } else if (pathname !== path) {
      response.statusCode = 404;
      response.end('{"kind":"Status","code":404}');
    } else if (searchParams.get("watch") === "true") {
      response.writeHead(200);
      response.flushHeaders(); // The watch stays open and reports nothing.
    } else {
      this.queries.push(searchParams);
      await this.list(searchParams, response);
    }
  };

  /** Answers as EC2, with the one instance whose request is valid. */
  readonly ec2 = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const action = new URLSearchParams(await text(message)).get("Action") ?? "";
    const machine = `<instanceId>i-1</instanceId><privateDnsName>${node}</privateDnsName><vpcId>vpc-0a1</vpcId><instanceState><name>running</name></instanceState><launchTime>${new Date().toISOString()}</launchTime><tagSet><item><key>kubernetes.io/cluster/demo-x7k2p</key><value>shared</value></item></tagSet>`;
    const body = {
      DescribeInstances: `<reservationSet><item><instancesSet><item>${machine}</item></instancesSet></item></reservationSet>`,
      DescribeVpcs: "<vpcSet><item><vpcId>vpc-0a1</vpcId><dhcpOptionsId>default</dhcpOptionsId></item></vpcSet>",
    }[action];
    response.end(`<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${body ?? ""}</${action}Response>`);
  };

  close(): void {
    for (const server of this.servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  /**
   * Answers with one page; without a limit, with all requests, as the real API server does. It writes one request at a time, so that this process
   * needs little memory.
   */
  private async list(query: URLSearchParams, response: ServerResponse): Promise<void> {
    const mine = [null, `spec.signerName=${clientSigner}`].includes(query.get("fieldSelector"));
    const all = mine ? largeRequests + 1 : 0;
    const first = Number(query.get("continue") ?? 0);
    const last = Math.min(all, first + Number(query.get("limit") ?? all));
    const metadata = { resourceVersion: "7", ...(last < all && { continue: String(last) }) };
    const item = (index: number): string => JSON.stringify(this.item(index));
    const pieces = function* (): Generator<string> {
      yield `{"apiVersion":"certificates.k8s.io/v1","kind":"CertificateSigningRequestList","metadata":${JSON.stringify(metadata)},"items":[`;
      for (let index = first; index < last; index++) yield `${index === first ? "" : ","}${item(index)}`;
      yield "]}";
    };
    // A program that has run out of memory closes the connection.
    await pipeline(Readable.from(pieces()), response).catch(() => undefined);
  }

  private item(index: number): object {
    const request = this.good.request ?? "";
    return index < largeRequests ? this.object(`large-${index}`, `${padding}${request}`) : this.object("good", request);
  }

  private object(name: string, request: string): object {
    const { signerName, username, groups, usages } = this.good;
    return { metadata: { name, uid: name, resourceVersion: "7" }, spec: { request, signerName, username, groups, usages } };
  }
}

test(`${largeRequests} requests of 1.3 MB do not exhaust a heap of ${heap} MB, and delay no instance`, async () => {
  const directory = mkdtempSync(join(tmpdir(), "approver-memory-"));
  const api = await FakeApi.start();
  let approver: ChildProcess | undefined;
  try {
    const [server, ec2] = [await api.listen(api.kubernetes), await api.listen(api.ec2)];
    const file = (name: string, content: string): string => {
      writeFileSync(join(directory, name), content, { mode: 0o600 });
      return join(directory, name);
    };
    const kubeconfig = file(
      "kubeconfig",
      dump({
        clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
        users: [{ name: "u", user: { token: "t" } }],
        contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        "current-context": "x",
      }),
    );
    const configuration: ApproverConfigurationInput = { infraId: "demo-x7k2p", region: "us-east-1", vpcId: "vpc-0a1", kubeconfig };
    const program = file("approver.js", await makeBundle());
    const config = file("config.json", JSON.stringify(configuration));
    approver = spawn(process.execPath, [`--max-old-space-size=${heap}`, program, "--config", config], {
      env: { PATH: process.env.PATH, AWS_ENDPOINT_URL_EC2: ec2, AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    for (const stream of [approver.stdout, approver.stderr]) stream?.setEncoding("utf8").on("data", (part: string) => (printed += part));
    const ended = once(approver, "exit").then(([code, signal]) => `ended with ${String(code ?? signal)}`);
    const outcome = await Promise.race([api.approval.then(() => "approved"), ended]);
    expect([outcome, outcome === "approved" ? "" : printed.slice(-2000)]).toEqual(["approved", ""]);
    expect(api.approved).toEqual(["good"]);
    for (const query of api.queries)
      expect([query.get("limit"), query.get("fieldSelector")]).toEqual([
        "10",
        expect.stringMatching(/^spec\.signerName=kubernetes\.io\/kube/),
      ]);
  } finally {
    approver?.kill("SIGKILL");
    api.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
