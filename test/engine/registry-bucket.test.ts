import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { type EmulatedAws, startAws } from "@okd-aws/sandbox/aws";
import { freePort } from "@okd-aws/sandbox/free-port";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { registryCredentialsProvider } from "../../components/installer-host/registry-credentials";
import { decodeFiles } from "../../ignition/file-transfer";
import { registryConfiguration } from "../../ignition/installer-host/registry";
import { clientConfiguration } from "../../lib/aws/client";
import { describeWithTools } from "./requirements";

const host = "registry.dev.okd.example.com";
const bucket = "dev-x7k2q-registry";
const region = "us-east-1";

/**
 * Runs the real registry with the host's S3 configuration against the emulated S3. Not proven: that the host's instance profile has enough
 * permissions.
 */
describeWithTools("the registry with its storage in a bucket", () => {
  const directory = mkdtempSync(join(tmpdir(), "registry-bucket-"));
  const before = { ...process.env };
  let aws: EmulatedAws;
  let binary: string;
  let files: Record<string, string>;
  let port: number;
  let password: string;
  let running: ChildProcess;

  beforeAll(async () => {
    const { tools } = await ensureToolchain(["moto", "registry"]);
    binary = tools.registry;
    aws = await startAws({ directory: join(directory, "aws"), python: tools.moto, seed: { images: {}, zones: [] } });
    Object.assign(process.env, aws.environment);
    await new S3Client(clientConfiguration(region)).send(new CreateBucketCommand({ Bucket: bucket }));
    const { outs } = await registryCredentialsProvider.create({ host, rotation: "" });
    if (outs === undefined) throw new Error("no credentials were made");
    ({ password } = outs);
    files = decodeFiles(outs.files);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content, { mode: 0o600 });
    }
    port = await freePort();
    running = spawn(binary, ["serve", configFile()], { stdio: "ignore", env: process.env });
    for (let tries = 0; tries < 100 && (await call("GET", "/v2/").catch(() => ({ status: 0 }))).status !== 200; tries++) await sleep(100);
  });

  afterAll(async () => {
    running.kill("SIGKILL");
    await aws.stop();
    process.env = before;
    rmSync(directory, { recursive: true });
  });

  const configFile = (collecting = false) => {
    const file = join(directory, `${collecting ? "collect" : "push"}.yml`);
    const places = { address: `127.0.0.1:${port}`, secrets: join(directory, "registry"), storage: { region, bucket } };
    writeFileSync(file, registryConfiguration({ role: "push", collecting }, places));
    return file;
  };

  function call(method: string, path: string, body?: Buffer, type = "application/octet-stream") {
    const headers = {
      authorization: `Basic ${Buffer.from(`okd:${password}`).toString("base64")}`,
      host: `${host}:${port}`,
      "content-type": type,
    };
    return new Promise<{ status: number; body: Buffer; location: string }>((resolve, reject) => {
      const sent = request(
        { host: "127.0.0.1", port, servername: host, method, path, ca: files["client/ca.crt"], agent: false, headers },
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

  async function push(content: Buffer): Promise<string> {
    const { location } = await call("POST", "/v2/okd/release/blobs/uploads/");
    const url = new URL(location, `https://${host}`);
    url.searchParams.set("digest", digestOf(content));
    expect((await call("PUT", `${url.pathname}${url.search}`, content)).status).toBe(201);
    return `/v2/okd/release/blobs/${digestOf(content)}`;
  }

  async function blobs(): Promise<number> {
    const { Contents = [] } = await new S3Client(clientConfiguration(region)).send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.filter(({ Key }) => Key?.endsWith("/data") && Key.includes("/blobs/")).length;
  }

  test("stores layers in the bucket, serves them itself, and deletes layers that no image uses", async () => {
    const [kept, config, dropped] = [randomBytes(512), Buffer.from("{}"), randomBytes(512)];
    const [path] = [await push(kept), await push(config), await push(dropped)];
    const descriptor = (content: Buffer, mediaType: string) => ({ mediaType, size: content.length, digest: digestOf(content) });
    const manifest = {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: descriptor(config, "application/vnd.oci.image.config.v1+json"),
      layers: [descriptor(kept, "application/vnd.oci.image.layer.v1.tar")],
    };
    const put = await call("PUT", "/v2/okd/release/manifests/4.19.0", Buffer.from(JSON.stringify(manifest)), manifest.mediaType);
    expect([put.status, await blobs()]).toEqual([201, 4]);

    // The registry does not redirect to S3, because a node need not reach S3.
    const pulled = await call("GET", path);
    expect([pulled.status, pulled.body.equals(kept)]).toEqual([200, true]);

    const collected = spawnSync(binary, ["garbage-collect", configFile(true)], { encoding: "utf8", env: process.env });
    expect([collected.status, await blobs()]).toEqual([0, 3]);
    expect((await call("GET", path)).status).toBe(200);
  });
});

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
