import { createHash } from "node:crypto";
import { exchange, type Reply } from "../../lib/https";

/** An image with a tag. */
export interface TaggedImage {
  /** Name including the registry. */
  readonly repository: string;
  readonly tag: string;
}

/** Accepted media types. Multi-architecture indexes come first, since the digest must be valid for all architectures (opencontainers/distribution-spec, "Pulling manifests"). */
const mediaTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/**
 * Host names of registries' APIs, for registries whose API has another host name than the images. Only Docker Hub is such a registry
 * (distribution/reference, `normalize.go`).
 */
const apiHosts: Readonly<Partial<Record<string, string>>> = { "docker.io": "registry-1.docker.io" };

/**
 * The current digest of a tag. The digest is computed from the manifest, so a wrong header of the registry or of a proxy is detected.
 *
 * @param ca PEM texts of CAs to trust instead of the system's
 * @throws Error if the registry returns no manifest to an anonymous client
 */
export async function resolveDigest({ repository, tag }: TaggedImage, ca?: readonly string[]): Promise<string> {
  const slash = repository.indexOf("/");
  const [registry, path] = [repository.slice(0, slash), repository.slice(slash + 1)];
  const url = `https://${apiHosts[registry] ?? registry}/v2/${path}/manifests/${tag}`;
  const ask = (headers: Readonly<Record<string, string>>): Promise<Reply> =>
    exchange(url, { headers: { accept: mediaTypes.join(", "), ...headers }, ...(ca && { ca }) });
  let reply = await ask({});
  if (reply.status === 401) reply = await ask({ authorization: `Bearer ${await anonymousToken(reply, ca)}` });
  if (reply.status !== 200) throw new Error(`${repository}:${tag}: the registry answered ${url} with status ${reply.status}`);
  const digest = `sha256:${createHash("sha256").update(reply.body).digest("hex")}`;
  const said = reply.headers["docker-content-digest"];
  if (said !== undefined && said !== digest)
    throw new Error(`${repository}:${tag}: the registry reports the digest ${String(said)}, but the manifest has ${digest}`);
  return digest;
}

/** Gets a token for anonymous clients from the registry's token server (distribution/distribution, `docs/content/spec/auth/token.md`). */
async function anonymousToken({ headers }: Reply, ca?: readonly string[]): Promise<string> {
  const challenge = headers["www-authenticate"] ?? "";
  const fields = new Map([...challenge.matchAll(/\b(\w{1,32})="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  const realm = fields.get("realm") ?? "";
  if (!/^Bearer /i.test(challenge) || !realm.startsWith("https://"))
    throw new Error(`the registry does not accept anonymous clients: it requires ${JSON.stringify(challenge)}`);
  const url = new URL(realm);
  for (const name of ["service", "scope"]) if (fields.has(name)) url.searchParams.set(name, fields.get(name) ?? "");
  const reply = await exchange(url.href, { ...(ca && { ca }) });
  const { token, access_token: other } = JSON.parse(reply.body) as { token?: string; access_token?: string };
  if (reply.status !== 200 || (token ?? other) === undefined) throw new Error(`${url.origin} returned no token: status ${reply.status}`);
  return token ?? other ?? "";
}
