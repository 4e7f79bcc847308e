/**
 * The installer host's set-up, held against the real programs that read it: ignition's validator, systemd, and the registry, which runs on loopback with the
 * configuration, the certificate and the passwords that the host would get. podman and CoreOS itself are not part of it.
 */
import { execFile, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { registryCredentialsProvider } from "../../components/installer-host/registry-credentials";
import { decodeFiles } from "../../ignition/file-transfer";
import { healthServices } from "../../ignition/installer-host/health";
import { environmentFile, installerHostIgnition, type InstallerHostSetUp } from "../../ignition/installer-host/installer-host";
import { registryConfiguration } from "../../ignition/installer-host/registry";
import { mirrorServices } from "../../ignition/mirror/host-services";
import { bootstrapPointer } from "../../ignition/pointer";
import { ensureToolchain } from "../../sandbox/toolchain";
import { describeWithTools } from "./requirements";

const host = "registry.dev.okd.example.com";
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "installer-host-"));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const configuration: InstallerHostSetUp["configuration"] = {
  clusterDomain: "dev.okd.example.com",
  distribution: "okd",
  release: "4.19.0-okd-scos.1",
  architecture: "amd64",
  region: "us-east-1",
  network: { kind: "new", vpcCidr: "10.0.0.0/16", natGateways: "none", publicSubnets: true, interfaceEndpoints: ["ec2"] },
  proxy: { httpProxy: "http://proxy.example.com:3128", httpsProxy: "https://proxy.example.com:3128", noProxy: ".example.com" },
  additionalTrustBundle: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
};
const setUp: InstallerHostSetUp = {
  configuration,
  registryImage: "docker.io/library/registry:2.8.3",
  sshPublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKBHqpljB8DRpyoEzPSTrQ21nPSLuspdsQLpT6T0f8br core\n",
  dataVolumeId: "vol-0123456789abcdef0",
  registrySecretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:dev-x7k2q-registry-AbCdEf",
  hostKeyParameter: "/okd/dev-x7k2q/installer-host/ssh-host-key",
  sessionManager: true,
  services: {
    files: [{ path: "/etc/okd/approver.js", mode: 0o644, contents: { bucket: "assets", key: "approver.js", sha256: "0".repeat(64) } }],
    secrets: [{ arn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:approver-AbCdEf", directory: "/etc/okd/approver" }],
    units: [
      ...healthServices("dev-x7k2q-assets").units,
      {
        name: "approver.service",
        enabled: true,
        contents: "[Unit]\nDescription=Further service\n\n[Service]\nExecStart=/usr/bin/true\n\n[Install]\nWantedBy=multi-user.target\n",
      },
    ],
  },
};

/** The same host without a way to the internet, which mirrors an archive. */
const mirror = { mode: "air-gapped", archive: { bucket: "okd-archive", prefix: "4.19" } } as const;
const mirroring: InstallerHostSetUp = {
  ...setUp,
  configuration: { ...configuration, mirror },
  services: mirrorServices({
    configuration: { ...configuration, updateService: false, platform: {} },
    mirror,
    bucket: "dev-x7k2q-assets",
    secretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:x",
  }),
};

describeWithTools("the ignition config", () => {
  test.each([
    ["of the host", installerHostIgnition(setUp)],
    ["of an air-gapped host", installerHostIgnition(mirroring)],
    ["that points there", bootstrapPointer({ bucket: "b", key: "k", sha256: "0".repeat(64) }, configuration)],
  ])("%s is taken by ignition's own validator without a word", async (_, config) => {
    const { tools } = await ensureToolchain(["ignition-validate"]);
    const file = join(root, "config.ign");
    writeFileSync(file, config);
    const { status, stdout, stderr } = spawnSync(tools["ignition-validate"], [file], { encoding: "utf8" });
    expect([status, stdout, stderr]).toEqual([0, "", ""]);
    expect(Buffer.byteLength(bootstrapPointer({ bucket: "b", key: "k", sha256: "0".repeat(64) }, configuration))).toBeLessThan(16 * 1024);
  });
});

const systemd = spawnSync("systemd-analyze", ["--version"]).status === 0;
if (!systemd) console.warn("skipped: systemd-analyze is not on this machine, so that the units are not held against systemd");
(systemd ? describe : describe.skip)("the units", () => {
  test.each([
    ["host", setUp],
    ["air-gapped host", mirroring],
  ])("of the %s are all understood by systemd", (_, given) => {
    const { storage, systemd: section } = JSON.parse(installerHostIgnition(given)) as {
      storage: { files: { path: string; mode: number }[] };
      systemd: { units: { name: string; contents: string }[] };
    };
    const place = (path: string, contents: string, mode = 0o644) => {
      mkdirSync(dirname(join(root, "os", path)), { recursive: true });
      writeFileSync(join(root, "os", path), contents, { mode });
    };
    // systemd looks whether the programs are there.
    for (const { path, mode } of storage.files) place(path, "", mode);
    for (const program of ["podman", "mountpoint", "test", "true"]) place(`/usr/bin/${program}`, "", 0o755);
    for (const target of ["network-online", "multi-user", "timers", "sysinit", "basic", "shutdown", "network"])
      place(`/usr/lib/systemd/system/${target}.target`, `[Unit]\nDescription=${target}\n`);
    place("/usr/lib/systemd/system/sshd.service", "[Service]\nExecStart=/usr/bin/true\n");
    for (const { name, contents } of section.units) place(`/etc/systemd/system/${name}`, contents);
    const names = section.units.map(({ name }) => name);
    const { status, stderr } = spawnSync("systemd-analyze", ["verify", `--root=${join(root, "os")}`, "--man=no", ...names], {
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
  });
});

describeWithTools("the registry", () => {
  let binary: string;
  let files: Record<string, string>;
  let password: string;
  let port: number;
  let running: ChildProcess | undefined;
  const authorization = (secret: string) => `Basic ${Buffer.from(`okd:${secret}`).toString("base64")}`;

  beforeAll(async () => {
    binary = (await ensureToolchain(["registry"])).tools.registry;
    const { outs } = await registryCredentialsProvider.create({ host, rotation: "" });
    if (outs === undefined) throw new Error("no credentials were made");
    ({ password } = outs);
    files = decodeFiles(outs.files);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content, { mode: 0o600 });
    }
    port = await freePort();
    await start(false);
  });
  afterAll(stop);

  const configFile = (readOnly: boolean) => {
    const file = join(root, `config-${readOnly ? "read-only" : "writable"}.yml`);
    const places = { address: `127.0.0.1:${port}`, secrets: join(root, "registry"), storage: join(root, "storage") };
    writeFileSync(file, registryConfiguration(readOnly, places));
    return file;
  };

  /** Starts the registry, and waits as the host does. */
  async function start(readOnly: boolean): Promise<void> {
    await stop();
    running = spawn(binary, ["serve", configFile(readOnly)], { stdio: "ignore", env: {} });
    expect(await health("registry", 30)).toEqual({ status: 0, stderr: "" });
  }

  async function stop(): Promise<void> {
    const child = running;
    running = undefined;
    if (child?.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  /** The host's health script, with this registry's place in its environment file. */
  async function health(what: string, seconds: number): Promise<{ status: number; stderr: string }> {
    const file = join(root, "host.env");
    const tools = join(root, "tools");
    writeFileSync(file, environmentFile({ CONFIGURATION: root, REGISTRY: `${host}:${port}`, TOOL_DIRECTORY: tools }));
    const script = join(__dirname, "..", "..", "ignition", "installer-host", "scripts", "health.sh");
    const env = { PATH: "/usr/bin:/bin", OKD_HOST_ENV: file };
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

  /** One call of the registry's API as a node would make it: under its name, with nothing but its authority trusted. */
  async function call(
    method: string,
    path: string,
    {
      secret = password,
      body,
      name = host,
      ca = files["client/ca.crt"],
      type = "application/octet-stream",
    }: { secret?: string; body?: Buffer; name?: string; ca?: string; type?: string } = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: "127.0.0.1",
          port,
          servername: name,
          method,
          path,
          ca,
          agent: false,
          headers: { authorization: authorization(secret), host: `${name}:${port}`, "content-type": type },
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

  async function push(content: Buffer): Promise<{ answer: Answer; path: string }> {
    const digest = digestOf(content);
    const { location, status } = await call("POST", "/v2/okd/release/blobs/uploads/");
    if (status !== 202) return { answer: { status, body: Buffer.of(), location }, path: "" };
    const url = new URL(location, `https://${host}`);
    url.searchParams.set("digest", digest);
    return { answer: await call("PUT", `${url.pathname}${url.search}`, { body: content }), path: `/v2/okd/release/blobs/${digest}` };
  }

  test("lets in with the password, and without it nobody", async () => {
    const statuses = [await call("GET", "/v2/"), await call("GET", "/v2/", { secret: "wrong" })].map(({ status }) => status);
    expect(statuses).toEqual([200, 401]);
  });

  test("proves its name with the authority that nodes are given", async () => {
    await expect(call("GET", "/v2/", { name: "api-int.dev.okd.example.com" })).rejects.toThrow(/does not match certificate/);
    const other = await registryCredentialsProvider.create({ host, rotation: "" });
    await expect(call("GET", "/v2/", { ca: other.outs?.caCertificate })).rejects.toThrow(/unable to verify|signature/);
  });

  test("takes a layer and gives it back, also after it was started again", async () => {
    const layer = randomBytes(4096);
    const { answer, path } = await push(layer);
    expect(answer.status).toBe(201);
    await start(false);
    expect((await call("GET", path)).body.equals(layer)).toBe(true);
  });

  test("is ready for its host only with the right password, the right certificate and all tools", async () => {
    const curl = join(root, "client/curl.conf");
    writeFileSync(curl, 'user = "okd:wrong"\n');
    const refused = await health("registry", 1);
    writeFileSync(curl, files["client/curl.conf"]);
    expect(refused).toEqual({
      status: 1,
      stderr: expect.stringMatching(
        /^the registry is not ready in time: curl: .*401\. "journalctl --unit okd-registry" says more\.\n$/,
      ) as string,
    });

    expect(await health("all", 1)).toEqual({
      status: 1,
      stderr: expect.stringContaining("the tools are not ready in time: oc is not in") as string,
    });
    for (const name of ["oc", "openshift-install", "oc-mirror", ".okd-tools"]) {
      mkdirSync(join(root, "tools"), { recursive: true });
      writeFileSync(join(root, "tools", name), "", { mode: 0o755 });
    }
    expect(await health("all", 1)).toEqual({ status: 0, stderr: "" });
  });

  test("takes nothing while garbage is collected, which frees what no image refers to and keeps what one does", async () => {
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

    await start(true);
    expect((await push(randomBytes(16))).answer.status).toBe(405);
    expect((await call("GET", pushed[0])).status).toBe(200);
    const collected = spawnSync(binary, ["garbage-collect", configFile(true)], { encoding: "utf8", env: {} });
    expect(collected.status).toBe(0);
    await start(false);
    expect(await Promise.all(pushed.map(async (path) => (await call("HEAD", path)).status))).toEqual([200, 200, 404]);
    expect((await push(randomBytes(16))).answer.status).toBe(201);
  });

  test("keeps its passwords out of its storage and configuration", () => {
    const everything = readdirSync(join(root, "storage"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
    everything.push(readFileSync(configFile(false)));
    expect(everything.filter((content) => content.includes(password))).toEqual([]);
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
