/** A small registry that stores what it gets. The campaign pushes to the real registry, from which the real containerd pulls. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalImage, pushImage } from "../../../../../sandbox/cluster/kubelet/image";

let directory: string;
let server: Server;
let registry: string;
let stored: Map<string, Buffer>;
let refuses: string | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "image-"));
  stored = new Map();
  refuses = undefined;
  server = createServer((message, response) => {
    const url = new URL(message.url ?? "", "http://registry");
    const chunks: Buffer[] = [];
    message.on("data", (chunk: Buffer) => chunks.push(chunk));
    message.on("end", () => {
      if (message.method === refuses) response.writeHead(500).end("disk full");
      else if (message.method === "POST") response.writeHead(202, { Location: `${url.pathname}1?state=x` }).end();
      else {
        stored.set(url.searchParams.get("digest") ?? url.pathname.split("/").at(-1) ?? "", Buffer.concat(chunks));
        response.writeHead(201).end();
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  registry = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

/** An image with one file, whose time of change is given. */
function image(time: number): LocalImage {
  const root = join(directory, "root");
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "program"), "content");
  utimesSync(join(root, "program"), time, time);
  return { name: "web", layers: [{ directory: root }], config: { User: "1001", Entrypoint: ["/program"] } };
}

const digestOf = (content: Buffer): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;

test("an image has every blob that its manifest names, under its digest", async () => {
  const reference = await pushImage(image(1000), registry, directory);
  const manifest = stored.get(reference.split("@")[1]) ?? Buffer.from("{}");
  type Blob = { digest: string; size: number };
  const { config, layers } = JSON.parse(manifest.toString()) as { config: Blob; layers: Blob[] };
  for (const { digest, size } of [config, ...layers])
    expect([digest, stored.get(digest)?.length]).toEqual([digestOf(stored.get(digest) ?? manifest), size]);
  expect(JSON.parse(String(stored.get(config.digest)))).toMatchObject({
    config: { User: "1001", Entrypoint: ["/program"] },
    rootfs: { diff_ids: layers.map(({ digest }) => digest) },
  });
  expect(reference).toBe(`${registry}/web@${digestOf(manifest)}`);
});

test("the same files have the same digest, whenever they were written", async () => {
  const first = await pushImage(image(1000), registry, directory);
  expect(await pushImage(image(2000), registry, directory)).toBe(first);
});

test("a refusal of the registry is the error, and no archive is left", async () => {
  const refused = image(1000);
  refuses = "PUT";
  await expect(pushImage(refused, registry, directory)).rejects.toThrow(/answered 500 to PUT .*: disk full/);
  expect(readdirSync(directory)).toEqual(["root"]);
});
