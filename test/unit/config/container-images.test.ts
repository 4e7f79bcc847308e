/** The container images that this project runs. The table names each image by its digest, or marks its digest as unresolved. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { load } from "js-yaml";
import { registryCredentialsProvider } from "../../../components/installer-host/registry-credentials";
import { containerImages, imageReference, type ImageName, isResolved } from "../../../config/container-images";
import { decodeFiles } from "../../../ignition/file-transfer";
import { resolveDigest } from "../../../tools/images/resolve";
import { resolveTable } from "../../../tools/images/table";

const root = join(__dirname, "..", "..", "..");
const images = Object.entries(containerImages);
const names = Object.keys(containerImages) as ImageName[];

function filesBelow(directory: string): string[] {
  return readdirSync(join(root, directory)).flatMap((name) => {
    const path = join(directory, name);
    return statSync(join(root, path)).isDirectory() ? filesBelow(path) : [path];
  });
}

describe("the table of container images", () => {
  test(`has a digest or the mark "unresolved" for each image, and its origin`, () => {
    for (const [name, { repository, tag, digest, source }] of images) {
      expect([name, repository]).toEqual([name, expect.stringMatching(/^[a-z0-9.-]+\.[a-z]+\/[a-z0-9./-]+$/)]);
      expect([name, tag]).toEqual([name, expect.stringMatching(/^[\w.-]+$/)]);
      expect([name, digest]).toEqual([name, expect.stringMatching(/^(sha256:[0-9a-f]{64}|unresolved)$/)]);
      expect([name, source.length > 20]).toEqual([name, true]);
    }
  });

  test("gives a reference with the digest if there is one", () => {
    for (const name of names) {
      const { repository, tag, digest } = containerImages[name];
      expect(imageReference(name)).toBe(isResolved(containerImages[name]) ? `${repository}@${digest}` : `${repository}:${tag}`);
    }
  });

  test("is the only place with tags of images that instances and pipelines run", () => {
    // Images of the release and of catalogs are not checked, because the configuration names these with their tags.
    const tagged = /\b(?:docker\.io|public\.ecr\.aws|ghcr\.io|gcr\.io|registry\.k8s\.io|quay\.io)\/[\w./-]+:[\w.-]+/g;
    const files = ["components", "config", "cluster-objects", "ignition", "lib", "stacks", "steps", "tools", ".github", "ci"].flatMap(
      filesBelow,
    );
    const found = files
      .filter((file) => !file.endsWith("config/images.json"))
      .flatMap((file) => {
        const text = readFileSync(join(root, file), "utf8");
        return [...text.matchAll(tagged)].map(([reference]) => `${file}: ${reference}`);
      });
    // The pipeline of GitLab can't read the table, so it names the tags itself; another test compares them with the table.
    const listed = names
      .filter((name) => !isResolved(containerImages[name]))
      .map((name) => `ci/plan.gitlab-ci.yml: ${imageReference(name)}`);
    // The other tags are in examples of release images, in messages and in docs/configuration.md.
    expect(found.filter((line) => !listed.includes(line) && !/^config\/.*quay\.io\//.test(line))).toEqual([]);
  });

  test("does not have the base name of a module, because Node.js prefers a JSON file for an import without extension", () => {
    const files = ["components", "config", "cluster-objects", "ignition", "lib", "stacks"].flatMap(filesBelow);
    const twins = files.filter((file) => file.endsWith(".json") && files.includes(file.replace(/json$/, "ts")));
    expect(twins).toEqual([]);
  });

  test("has the images of GitLab's jobs", () => {
    const jobs = load(readFileSync(join(root, "ci", "plan.gitlab-ci.yml"), "utf8")) as Record<string, { image: string | { name: string } }>;
    const run = Object.values(jobs).map(({ image }) => (typeof image === "string" ? image : image.name));
    expect(run).toEqual([imageReference("gitlab-plan"), imageReference("gitlab-sandbox")]);
  });

  test("agrees with the list of unresolved images in docs/security.md", () => {
    const text = readFileSync(join(root, "docs", "security.md"), "utf8");
    const [, list = ""] = /<!-- unresolved images -->\n([^]*?)<!-- end of the unresolved images -->/.exec(text) ?? [];
    const listed = [...list.matchAll(/^\| `([^`]+)` \|/gm)].map(([, reference]) => reference);
    const unresolved = names.filter((name) => !isResolved(containerImages[name])).map((name) => imageReference(name));
    expect(listed.sort()).toEqual(unresolved.sort());
  });
});

describe("the digest of an image's tag", () => {
  const manifest = '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}';
  const digest = "sha256:c6ec49f0b9f2fa34c2d4e6cbcb5fd1b0a6a6d1f0a0b6a64b6a3a2ac0b8b4b8b0";
  let server: Server;
  let registry: string;
  let ca: string;
  let header: string | undefined;
  let asked: string[];
  /** The kind of token that the registry requires from a client; empty for none. */
  let challenge: string;

  beforeAll(async () => {
    const { outs } = await registryCredentialsProvider.create({ host: "localhost", rotation: "" });
    const files = decodeFiles(outs?.files ?? "");
    ca = files["client/ca.crt"];
    server = createServer({ cert: files["registry/tls.crt"], key: files["registry/tls.key"] }, (request, response) => {
      asked.push(request.url ?? "");
      if (request.url?.startsWith("/token?")) return response.end(JSON.stringify({ token: "anonymous" }));
      if (challenge !== "" && request.headers.authorization !== "Bearer anonymous")
        return response.writeHead(401, { "www-authenticate": challenge.replace("REALM", `https://${registry}/token`) }).end();
      if (!request.url?.endsWith("/manifests/1.0")) return response.writeHead(404).end();
      return response.writeHead(200, header === undefined ? {} : { "docker-content-digest": header }).end(manifest);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    registry = `localhost:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked = [];
    header = undefined;
    challenge = "";
  });
  afterAll(() => server.close());
  const resolve = (tag = "1.0") => resolveDigest({ repository: `${registry}/team/app`, tag }, [ca]);

  test("is the checksum of the manifest that the registry sends", async () => {
    const found = await resolve();
    header = found;
    expect([await resolve(), asked[0]]).toEqual([found, "/v2/team/app/manifests/1.0"]);
    expect(found).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test("is requested with an anonymous token if the registry requires one", async () => {
    challenge = 'Bearer realm="REALM",service="registry",scope="repository:team/app:pull"';
    expect(await resolve()).toMatch(/^sha256:/);
    expect(asked[1]).toBe("/token?service=registry&scope=repository%3Ateam%2Fapp%3Apull");
  });

  test("is not returned if the manifest does not match it, the tag does not exist or the registry requires an account", async () => {
    header = digest;
    await expect(resolve()).rejects.toThrow(`the registry reports the digest ${digest}, but the manifest has sha256:`);
    await expect(resolve("2.0")).rejects.toThrow("status 404");
    challenge = 'Basic realm="registry"';
    await expect(resolve()).rejects.toThrow("does not accept anonymous clients");
  });
});

describe("make images", () => {
  const image = (digest: string, tag = "1.0") => ({ repository: "example.com/app", tag, digest, source: "a published list" });
  const [one, other] = ["1", "2"].map((digit) => `sha256:${digit.repeat(64)}`);

  test("records the digests of unresolved images, with their origin", async () => {
    const { table, failed } = await resolveTable({ app: image("unresolved") }, () => Promise.resolve(one), "2026-11-29");
    expect([table.app, failed]).toEqual([{ ...image(one), source: "asked of example.com on 2026-11-29 (make images)" }, false]);
  });

  test("keeps recorded digests, and fails if a tag has moved", async () => {
    const ask = () => Promise.resolve(one);
    expect(await resolveTable({ app: image(one) }, ask, "2026-11-29")).toMatchObject({ table: { app: image(one) }, failed: false });
    const moved = await resolveTable({ app: image(other) }, ask, "2026-11-29");
    expect(moved).toMatchObject({ table: { app: image(other) }, failed: true });
    expect(moved.lines[0]).toContain(`has moved: it was ${other} (a published list) and is ${one}`);
  });

  test("resolves the other images if one registry does not answer", async () => {
    const ask = ({ tag }: { readonly tag: string }) => (tag === "1.0" ? Promise.resolve(one) : Promise.reject(new Error("no answer")));
    const { table, lines, failed } = await resolveTable({ a: image("unresolved", "2.0"), b: image("unresolved") }, ask, "2026-11-29");
    expect([table.a.digest, table.b.digest, failed]).toEqual(["unresolved", one, true]);
    expect(lines[0]).toContain("can't be resolved: no answer");
  });
});
