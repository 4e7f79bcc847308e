import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { withTimeLimit } from "../../../../../lib/time-limit";
import { readCluster } from "../../../../../steps/diagnosis/read/cluster";
import { kubeconfigText, makeCertificate } from "../certificates";
import { type FakeApi, startFakeApi } from "../fake-api";

describe("the diagnosis' evidence of the cluster's API", () => {
  let api: FakeApi;
  const kept = {
    HTTPS_PROXY: process.env.HTTPS_PROXY,
    https_proxy: process.env.https_proxy,
    NO_PROXY: process.env.NO_PROXY,
    no_proxy: process.env.no_proxy,
  };
  const setProxy = (url: string | undefined) => {
    for (const name of Object.keys(kept)) Reflect.deleteProperty(process.env, name);
    if (url !== undefined) process.env.HTTPS_PROXY = url;
  };

  beforeAll(async () => {
    api = await startFakeApi({
      "/readyz": "ok",
      "/version": { gitVersion: "v1.32.5" },
      "/api/v1/nodes": { items: [{ metadata: { name: "master-0" } }] },
      "/apis/config.openshift.io/v1/clusterversions/version": { metadata: { name: "version" } },
    });
    setProxy(undefined);
  });

  afterAll(async () => {
    await api.close();
    for (const [name, value] of Object.entries(kept)) if (value !== undefined) process.env[name] = value;
  });

  test("is read with the kubeconfig's certificate, and leaves out the lists that the API does not serve", async () => {
    expect(await readCluster(api.kubeconfig)).toEqual({
      server: `https://localhost:${api.port}`,
      readyz: { status: 200, body: "ok" },
      version: "v1.32.5",
      nodes: [{ metadata: { name: "master-0" } }],
      clusterVersion: { metadata: { name: "version" } },
    });
  });

  test("has no nodes if another CA signed the API's certificate", async () => {
    const other = await makeCertificate("localhost", new Date());
    const { readyz, nodes } = await readCluster(kubeconfigText(`https://localhost:${api.port}`, other.certificate, other));
    expect(readyz).toMatchObject({ code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY/) as string });
    expect(nodes).toBeUndefined();
  });

  test("has the reason if nothing listens or the kubeconfig is invalid", async () => {
    const { kubeconfig } = api;
    const closed = await startFakeApi({});
    await closed.close();
    expect((await readCluster(closed.kubeconfig)).readyz).toMatchObject({ code: "ECONNREFUSED" });
    expect((await readCluster("{}")).readyz).toMatchObject({
      reason: expect.stringContaining("the kubeconfig has no valid cluster") as string,
    });
    expect(kubeconfig).toContain("localhost");
  });

  describe("through the environment's proxy", () => {
    let proxy: Server;
    let refuses = false;
    const asked: string[] = [];
    const clients: Duplex[] = [];

    beforeAll(async () => {
      proxy = createServer().on("connect", (request, client, head: Buffer) => {
        clients.push(client);
        asked.push(request.url ?? "");
        if (refuses) {
          // The data must be read, because otherwise the connection never ends.
          client.resume().end("HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\nno target is healthy\n");
          return;
        }
        const upstream = connect(api.port, "127.0.0.1", () => {
          client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
          upstream.write(head);
          upstream.pipe(client).pipe(upstream);
        });
        upstream.on("error", () => client.destroy());
        client.on("error", () => upstream.destroy());
      });
      await new Promise<void>((ready) => proxy.listen(0, "127.0.0.1", ready));
      setProxy(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    });

    afterAll(async () => {
      setProxy(undefined);
      // After CONNECT a connection no longer belongs to the HTTP server, so the test closes each connection itself.
      for (const client of clients) client.destroy();
      proxy.closeAllConnections();
      await new Promise((closed) => proxy.close(closed));
    });

    test("is read through a tunnel to the server that the kubeconfig names", async () => {
      expect((await readCluster(api.kubeconfig)).readyz).toEqual({ status: 200, body: "ok" });
      expect(new Set(asked)).toEqual(new Set([`localhost:${api.port}`]));
    });

    test("has the proxy's answer if the proxy cannot reach the API", async () => {
      refuses = true;
      expect((await readCluster(api.kubeconfig)).readyz).toEqual({ status: 502, body: "no target is healthy\n" });
    });
  });

  test("has a time limit for each request", async () => {
    let aborted = false;
    const question = withTimeLimit(
      (signal) =>
        new Promise(() => {
          signal.addEventListener("abort", () => (aborted = true));
        }),
      20,
    );
    await expect(question).rejects.toThrow("no answer within 0.02 s");
    expect(aborted).toBe(true);
  });
});
