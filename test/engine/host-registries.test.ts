/**
 * Runs the installer host's two registries: the real program on loopback, with the host's configurations, certificate and passwords. It
 * does not use podman.
 */
import { execFile, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { registryCredentialsProvider } from "../../components/installer-host/registry-credentials";
import { decodeFiles } from "../../ignition/file-transfer";
import { environmentFile } from "../../ignition/installer-host/installer-host";
import { registryConfiguration } from "../../ignition/installer-host/registry";
import { describeWithTools } from "./requirements";

const host = "registry.dev.okd.example.com";
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "host-registries-"));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

describeWithTools("the registry", () => {
  let binary: string;
  let files: Record<string, string>;
  /** Passwords by account. */
  let passwords: Readonly<Record<string, string>>;
  let port: number;
  let running: ChildProcess[] = [];
  /** Where each registry listens in this test, in place of the host's loopback address and the host's own address. */
  const addresses = { push: "127.0.0.1", pull: "127.0.0.2" } as const;
  type Role = keyof typeof addresses;
  const authorization = (user: string, secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;

  beforeAll(async () => {
    binary = (await ensureToolchain(["registry"])).tools.registry;
    const { outs } = await registryCredentialsProvider.create({ host, rotation: "" });
    if (outs === undefined) throw new Error("no credentials were made");
    passwords = { okd: outs.password, "okd-nodes": outs.pullPassword };
    files = decodeFiles(outs.files);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content, { mode: 0o600 });
    }
    port = await freePort();
    await start();
  });
  afterAll(stop);

  const configFile = (role: Role, collecting = false) => {
    const file = join(root, `${collecting ? "collect" : role}.yml`);
    const places = { address: `${addresses[role]}:${port}`, secrets: join(root, "registry"), storage: join(root, "storage") };
    writeFileSync(file, registryConfiguration({ role, collecting }, places));
    return file;
  };

  /** Starts both registries, and waits for them as the host does. */
  async function start({ collecting = false } = {}): Promise<void> {
    await stop();
    running = [configFile("push", collecting), configFile("pull")].map((file) =>
      spawn(binary, ["serve", file], { stdio: "ignore", env: {} }),
    );
    for (const role of ["push", "pull"]) expect(await health(role, 30)).toEqual({ status: 0, stderr: "" });
  }

  async function stop(): Promise<void> {
    const children = running.filter(({ exitCode }) => exitCode === null);
    running = [];
    const ended = children.map((child) => new Promise((resolve) => child.once("exit", resolve)));
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(ended);
  }

  /** Runs the host's health script with the registry's address in its environment file. */
  async function health(what: string, seconds: number): Promise<{ status: number; stderr: string }> {
    const file = join(root, "host.env");
    const tools = join(root, "tools");
    writeFileSync(file, environmentFile({ CONFIGURATION: root, REGISTRY: `${host}:${port}`, TOOL_DIRECTORY: tools }));
    const script = join(__dirname, "..", "..", "ignition", "installer-host", "scripts", "health.sh");
    const bin = join(root, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "okd-metadata"), `#!/bin/bash\n[ "$1" = local-ipv4 ] && echo ${addresses.pull}\n`, { mode: 0o755 });
    const env = { PATH: `${bin}:/usr/bin:/bin`, OKD_HOST_ENV: file };
    return new Promise((resolve) => {
      execFile("bash", [script, what, String(seconds)], { env, timeout: 60_000 }, (error, _, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code ?? -1), stderr });
      });
    });
  }

  interface Answer {
    readonly status: number;
    readonly body: Buffer;
    readonly location: string;
  }

  /** Calls the registry's API as a node would: under the registry's name, and with only its CA trusted. */
  async function call(
    method: string,
    path: string,
    {
      at = "push",
      user = at === "push" ? "okd" : "okd-nodes",
      secret = passwords[user],
      body,
      name = host,
      ca = files["client/ca.crt"],
      type = "application/octet-stream",
    }: { at?: Role; user?: string; secret?: string; body?: Buffer; name?: string; ca?: string; type?: string } = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: addresses[at],
          port,
          servername: name,
          method,
          path,
          ca,
          agent: false,
          headers: { authorization: authorization(user, secret), host: `${name}:${port}`, "content-type": type },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () => {
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), location: response.headers.location ?? "" });
          });
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }

  async function push(content: Buffer, at: Role = "push"): Promise<{ answer: Answer; path: string }> {
    const digest = digestOf(content);
    const { location, status } = await call("POST", "/v2/okd/release/blobs/uploads/", { at });
    if (status !== 202) return { answer: { status, body: Buffer.of(), location }, path: "" };
    const url = new URL(location, `https://${host}`);
    url.searchParams.set("digest", digest);
    return { answer: await call("PUT", `${url.pathname}${url.search}`, { body: content }), path: `/v2/okd/release/blobs/${digest}` };
  }

  test("accepts the correct password, and refuses clients without a password", async () => {
    const statuses = [await call("GET", "/v2/"), await call("GET", "/v2/", { secret: "wrong" })].map(({ status }) => status);
    expect(statuses).toEqual([200, 401]);
  });

  test("has a certificate of the CA that the nodes trust", async () => {
    await expect(call("GET", "/v2/", { name: "api-int.dev.okd.example.com" })).rejects.toThrow(/does not match certificate/);
    const other = await registryCredentialsProvider.create({ host, rotation: "" });
    await expect(call("GET", "/v2/", { ca: other.outs?.caCertificate })).rejects.toThrow(/unable to verify|signature/);
  });

  test("returns a pushed layer, also after a restart", async () => {
    const layer = randomBytes(4096);
    const { answer, path } = await push(layer);
    expect(answer.status).toBe(201);
    await start();
    expect((await call("GET", path)).body.equals(layer)).toBe(true);
  });

  test("passes its host's health check only with the correct passwords and with all tools", async () => {
    for (const [role, what] of [
      ["push", "the registry that accepts pushes is"],
      ["pull", "the registry that nodes pull from is"],
    ]) {
      const curl = join(root, `client/curl-${role}.conf`);
      writeFileSync(curl, 'user = "okd:wrong"\n');
      const refused = await health(role, 1);
      const all = await health("tools", 1);
      writeFileSync(curl, files[`client/curl-${role}.conf`]);
      const said = new RegExp(`^${what} not ready in time: curl: .*401\\. "journalctl --unit okd-registry-${role}" says more\\.$`, "m");
      expect([refused, all]).toEqual(Array(2).fill({ status: 1, stderr: expect.stringMatching(said) as string }));
    }

    expect(await health("tools", 1)).toEqual({
      status: 1,
      stderr: expect.stringContaining("the tools are not ready in time: oc is not in") as string,
    });
    for (const name of ["oc", "openshift-install", "oc-mirror", ".okd-tools"]) {
      mkdirSync(join(root, "tools"), { recursive: true });
      writeFileSync(join(root, "tools", name), "", { mode: 0o755 });
    }
    expect(await health("tools", 1)).toEqual({ status: 0, stderr: "" });
  });

  test("accepts no push during garbage collection, which deletes only layers that no image uses", async () => {
    const [kept, config, dropped] = [randomBytes(512), Buffer.from("{}"), randomBytes(512)];
    const pushed = [];
    for (const content of [kept, config, dropped]) pushed.push((await push(content)).path);
    const descriptor = (content: Buffer, mediaType: string) => ({ mediaType, size: content.length, digest: digestOf(content) });
    const manifest = {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: descriptor(config, "application/vnd.oci.image.config.v1+json"),
      layers: [descriptor(kept, "application/vnd.oci.image.layer.v1.tar")],
    };
    const put = await call("PUT", "/v2/okd/release/manifests/4.19.0", {
      body: Buffer.from(JSON.stringify(manifest)),
      type: manifest.mediaType,
    });
    expect(put.status).toBe(201);

    await start({ collecting: true });
    expect((await push(randomBytes(16))).answer.status).toBe(405);
    for (const at of ["push", "pull"] as const) expect((await call("GET", pushed[0], { at })).status).toBe(200);
    const collected = spawnSync(binary, ["garbage-collect", configFile("push", true)], { encoding: "utf8", env: {} });
    expect(collected.status).toBe(0);
    await start();
    expect(await Promise.all(pushed.map(async (path) => (await call("HEAD", path)).status))).toEqual([200, 200, 404]);
    expect((await push(randomBytes(16))).answer.status).toBe(201);
  });

  test("serves pushed images to the nodes' account, and refuses an image as soon as it is deleted", async () => {
    const layer = randomBytes(512);
    const { path } = await push(layer);
    expect((await call("GET", path, { at: "pull" })).body.equals(layer)).toBe(true);
    expect((await call("GET", "/v2/okd/release/tags/list", { at: "pull" })).status).toBe(200);
    expect((await call("DELETE", path)).status).toBe(202);
    expect((await call("GET", path, { at: "pull" })).status).toBe(404);
  });

  test("lets no account push or delete on the address that nodes reach", async () => {
    const { path } = await push(randomBytes(512));
    const manifest = "/v2/okd/release/manifests/4.19.0";
    const type = "application/vnd.oci.image.manifest.v1+json";
    const digest = digestOf((await call("GET", manifest, { at: "pull", type })).body);
    const body = Buffer.from("{}");
    for (const [user, refused] of [
      ["okd-nodes", 405],
      ["okd", 401],
    ] as const) {
      const answers = [
        await call("POST", "/v2/okd/release/blobs/uploads/", { at: "pull", user }),
        await call("POST", `/v2/okd/release/blobs/uploads/?mount=${path.split("/").at(-1) ?? ""}&from=okd/release`, { at: "pull", user }),
        await call("PUT", manifest, { at: "pull", user, body, type }),
        await call("DELETE", `/v2/okd/release/manifests/${digest}`, { at: "pull", user }),
        await call("DELETE", manifest, { at: "pull", user }),
        await call("DELETE", path, { at: "pull", user }),
      ];
      expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(refused));
    }
    expect((await call("GET", path, { at: "pull" })).status).toBe(200);
    expect(digestOf((await call("GET", manifest, { at: "pull", type })).body)).toBe(digest);
  });

  test("does not know the nodes' account on the address for pushes", async () => {
    const answers = [
      await call("GET", "/v2/", { user: "okd-nodes" }),
      await call("POST", "/v2/okd/release/blobs/uploads/", { user: "okd-nodes" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  });

  test("keeps its passwords out of its storage and configuration", () => {
    const everything = readdirSync(join(root, "storage"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
    everything.push(...(["push", "pull"] as const).map((role) => readFileSync(configFile(role))));
    expect(everything.filter((content) => Object.values(passwords).some((password) => content.includes(password)))).toEqual([]);
  });
});

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
