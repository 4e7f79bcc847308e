/**
 * Tests the index templates with the real OpenSearch. Filebeat does not run here: the records have the form that Filebeat's sources show. For index
 * templates and records, OpenSearch has the same API as Elasticsearch, with two exceptions. OpenSearch has no lifecycle policies (ILM), so the test
 * removes the policy. Elasticsearch's type `flattened`, which limits the length of values, is called `flat_object` in OpenSearch and has no limit,
 * so the test replaces the type.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@okd-aws/sandbox/free-port";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { indexTemplate } from "../../cluster-objects/elastic/indices";
import type { LogKind } from "../../config/log-kind";
import { describeWith } from "../engine/requirements";

interface BulkAnswer {
  readonly errors: boolean;
  readonly items: readonly {
    readonly create: { readonly status: number; readonly _index: string; readonly error?: { readonly type: string } };
  }[];
}

interface Found {
  readonly hits: { readonly total: { readonly value: number }; readonly hits: readonly { readonly _source: Record<string, unknown> }[] };
}

/** The fields that Filebeat adds to each record, with the node's name from its setting `name` (elastic/beats, `libbeat/publisher/processing/default.go`, main). */
const BEAT = {
  ecs: { version: "8.0.0" },
  host: { name: "ip-10-0-48-7" },
  agent: { id: "5b1c", name: "ip-10-0-48-7", type: "filebeat", version: "9.4.3", ephemeral_id: "77aa" },
  input: { type: "filestream" },
};

const container = (message: string, more: object = {}) => ({
  "@timestamp": "2026-08-21T13:21:35.123Z",
  message,
  stream: "stdout",
  log: { offset: 1024, file: { path: "/var/log/containers/web_shop_web-0.log", device_id: "64512", inode: "17", fingerprint: "ab" } },
  container: { id: "0".repeat(64), image: { name: "registry.example.com/web:1" }, runtime: "cri-o" },
  kubernetes: {
    namespace: "shop",
    node: { name: "ip-10-0-48-7" },
    pod: { name: "web-5d4f8", uid: "0d5c", ip: "10.128.0.7" },
    container: { name: "web" },
    labels: { app: "web", app_kubernetes_io_name: "web" },
  },
  ...BEAT,
  ...more,
});

const audit = (more: object) => ({
  "@timestamp": "2026-08-21T13:21:35.123Z",
  kubernetes: {
    audit: {
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level: "RequestResponse",
      auditID: "9d2a",
      stage: "ResponseComplete",
      requestURI: "/api/v1/namespaces/shop/secrets/database",
      verb: "get",
      user: { username: "anna", groups: ["system:authenticated"] },
      sourceIPs: ["198.51.100.7"],
      objectRef: { resource: "secrets", namespace: "shop", name: "database", apiVersion: "v1" },
      responseStatus: { metadata: {}, code: 200 },
      requestReceivedTimestamp: "2026-08-21T13:21:35.120000Z",
      annotations: { "authorization.k8s.io/decision": "allow" },
      ...more,
    },
  },
  ...BEAT,
});

describeWith(["opensearch"])("logs in OpenSearch", () => {
  const home = mkdtempSync(join(tmpdir(), "opensearch-"));
  let server: ChildProcess;
  let base: string;

  const send = async (method: string, path: string, body?: string | object): Promise<{ status: number; body: unknown }> => {
    const text = typeof body === "object" ? JSON.stringify(body) : body;
    const answer = await fetch(`${base}${path}`, { method, body: text, headers: { "content-type": "application/json" } });
    return { status: answer.status, body: await answer.json() };
  };
  /** Sends records as Filebeat does: with one `create` action for each record (elastic/beats, `libbeat/outputs/elasticsearch/client.go`, main). */
  const write = async (kind: LogKind, ...records: readonly object[]): Promise<BulkAnswer> => {
    const lines = records.flatMap((record) => [{ create: { _index: `filebeat-${kind}` } }, record]);
    const { status, body } = await send("POST", "/_bulk?refresh=true", `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
    expect(status).toBe(200);
    return body as BulkAnswer;
  };
  const search = async (kind: LogKind, query: object) => ((await send("POST", `/filebeat-${kind}/_search`, { query })).body as Found).hits;
  const count = async (kind: LogKind, query: object) => (await search(kind, query)).total.value;

  beforeAll(async () => {
    const { opensearch } = (await ensureToolchain(["opensearch"])).tools;
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    const log = openSync(join(home, "log"), "w");
    const source = join(opensearch, "source", "OneNode.java");
    server = spawn("java", ["-Xmx512m", "-cp", join(opensearch, "*"), source, home, String(port)], { stdio: ["ignore", log, log] });
    const answers = async () =>
      fetch(base).then(
        ({ ok }) => ok,
        () => false,
      );
    const deadline = Date.now() + 120_000;
    while (!(await answers())) {
      if (server.exitCode !== null || Date.now() > deadline) throw new Error(`OpenSearch does not answer; its log is ${home}/log`);
      await sleep(500);
    }
    for (const kind of ["application", "infrastructure", "audit"] as const) {
      const text = JSON.stringify(indexTemplate(kind, { nodes: 1 })).replaceAll('"flattened","ignore_above":1024', '"flat_object"');
      const template = JSON.parse(text) as { template: { settings: { index: { lifecycle?: object } } } };
      delete template.template.settings.index.lifecycle;
      expect(await send("PUT", `/_index_template/filebeat-${kind}`, template)).toMatchObject({ status: 200, body: { acknowledged: true } });
      expect((await send("PUT", `/_data_stream/filebeat-${kind}`)).status).toBe(200);
    }
  });

  afterAll(async () => {
    if ((server as ChildProcess | undefined)?.exitCode === null) {
      const ended = once(server, "exit");
      server.kill();
      await ended;
    }
    rmSync(home, { recursive: true, force: true });
  });

  it("are created in the data stream of their kind, and found by message, pod and label", async () => {
    const { errors, items } = await write("application", container("GET /cart 500"), container("GET /cart 200"));
    expect(errors).toBe(false);
    expect(items.map(({ create }) => create._index)).toEqual(Array(2).fill(expect.stringMatching(/^\.ds-filebeat-application-\d+$/)));
    expect(await count("application", { match: { message: "500" } })).toBe(1);
    expect(await count("application", { term: { "kubernetes.pod.name": "web-5d4f8" } })).toBe(2);
    expect(await count("application", { term: { "kubernetes.labels.app": "web" } })).toBe(2);
    expect(await count("infrastructure", { match_all: {} })).toBe(0);
  });

  it("are stored even if a field has a value of another type, a line is long or many fields are unknown", async () => {
    const strange = [
      container("x".repeat(200_000)),
      container("offset", { log: { offset: "unknown", file: { path: "/var/log/x" } } }),
      container("labels", { kubernetes: { labels: { app: { nested: "web" } }, pod: { name: "web" } } }),
      container("fields", Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`field${index}`, index]))),
    ];
    const { items } = await write("application", ...strange);
    expect(items.map(({ create }) => create.error?.type)).toEqual([undefined, undefined, undefined, undefined]);
    const { body } = await send("GET", "/filebeat-application/_mapping");
    const [{ mappings }] = Object.values(body as Record<string, { mappings: { properties: object } }>);
    expect(Object.keys(mappings.properties)).not.toContain("field0");
  });

  it("of audits are found by user, verb, object and address, and store bodies without indexing them", async () => {
    const records = [
      audit({}),
      audit({
        verb: "delete",
        user: { username: "system:admin" },
        sourceIPs: ["not an address"],
        requestObject: { spec: { replicas: 1 } },
      }),
      audit({ verb: "create", requestObject: { spec: "a text where the other has an object" } }),
    ];
    expect((await write("audit", ...records)).errors).toBe(false);
    expect(await count("audit", { term: { "kubernetes.audit.user.username": "anna" } })).toBe(2);
    expect(await count("audit", { term: { "kubernetes.audit.sourceIPs": "198.51.100.0/24" } })).toBe(2);
    expect(await count("audit", { range: { "kubernetes.audit.responseStatus.code": { gte: 200, lt: 300 } } })).toBe(3);
    expect(await count("audit", { term: { "kubernetes.audit.requestObject.spec.replicas": 1 } })).toBe(0);
    const [{ _source: source }] = (await search("audit", { term: { "kubernetes.audit.verb": "delete" } })).hits;
    expect(source).toMatchObject({ kubernetes: { audit: { requestObject: { spec: { replicas: 1 } } } } });
  });

  it("are not overwritten: a record without a time, and an update of a record, are refused", async () => {
    const timeless = container("no time", { "@timestamp": undefined });
    expect((await write("application", timeless)).items[0].create.status).toBe(400);
    const lines = [{ index: { _index: "filebeat-application", _id: "1" } }, container("again")];
    const { body } = await send("POST", "/_bulk", `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
    expect((body as { items: { index: { status: number } }[] }).items[0].index.status).toBe(400);
  });
});
