import { existsSync, readdirSync, readFileSync } from "node:fs";
import { request } from "node:https";
import { homedir } from "node:os";
import { join } from "node:path";

/** A registry's answer. */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Partial<Record<string, string | string[]>>>;
  readonly body: Buffer;
}

const manifestTypes = ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];

/** A client of a registry's HTTP API (opencontainers/distribution-spec, `spec.md`), with credentials. */
export class Registry {
  private readonly authorization: string | undefined;
  private readonly authority: string | undefined;

  /**
   * @param authfile credentials by registry, in the form of a pull secret
   * @param authority CA certificates in PEM, used instead of those in `certs.d`
   */
  constructor(
    readonly host: string,
    authfile: string,
    authority?: string,
  ) {
    const { auths = {} } = JSON.parse(readFileSync(authfile, "utf8")) as { auths?: Partial<Record<string, { auth?: string }>> };
    const auth = auths[host]?.auth;
    this.authorization = auth === undefined ? undefined : `Basic ${auth}`;
    // The vendor's program reads these directories, too (containers/image, `docs/containers-certs.d.5.md`).
    const directories = [join(homedir(), ".config", "containers"), "/etc/containers"].map((base) => join(base, "certs.d", host));
    const found = directories
      .filter(existsSync)
      .flatMap((directory) =>
        readdirSync(directory)
          .filter((file) => file.endsWith(".crt"))
          .map((file) => readFileSync(join(directory, file), "utf8")),
      )
      .at(0);
    this.authority = authority ?? found;
  }

  /** A manifest by tag or digest: its unchanged bytes, and its media type. */
  async manifest(repository: string, reference: string): Promise<{ readonly bytes: Buffer; readonly type: string }> {
    const answer = await this.ask("GET", `/v2/${repository}/manifests/${reference}`, { Accept: manifestTypes.join(", ") });
    if (answer.status !== 200) throw this.refusal(`${this.host}/${repository}@${reference}`, answer);
    return { bytes: answer.body, type: String(answer.headers["content-type"]) };
  }

  async blob(repository: string, digest: string): Promise<Buffer> {
    const answer = await this.ask("GET", `/v2/${repository}/blobs/${digest}`);
    if (answer.status !== 200) throw this.refusal(`blob ${digest} of ${this.host}/${repository}`, answer);
    return answer.body;
  }

  /** Uploads a blob, unless the registry already has it. */
  async putBlob(repository: string, digest: string, bytes: Buffer): Promise<void> {
    const present = await this.ask("HEAD", `/v2/${repository}/blobs/${digest}`);
    if (present.status === 200) return;
    const begun = await this.ask("POST", `/v2/${repository}/blobs/uploads/`);
    if (begun.status !== 202) throw this.refusal(`an upload to ${this.host}/${repository}`, begun);
    const location = new URL(String(begun.headers.location), `https://${this.host}`);
    location.searchParams.set("digest", digest);
    const ended = await this.ask("PUT", `${location.pathname}${location.search}`, { "Content-Type": "application/octet-stream" }, bytes);
    if (ended.status !== 201) throw this.refusal(`blob ${digest} for ${this.host}/${repository}`, ended);
  }

  async putManifest(repository: string, reference: string, bytes: Buffer, type: string): Promise<void> {
    const answer = await this.ask("PUT", `/v2/${repository}/manifests/${reference}`, { "Content-Type": type }, bytes);
    if (answer.status !== 201) throw this.refusal(`the manifest ${reference} for ${this.host}/${repository}`, answer);
  }

  private refusal(what: string, { status, body }: Answer): Error {
    return new Error(`${what}: the registry answers ${status} ${body.toString("utf8").slice(0, 300)}`);
  }

  private ask(method: string, path: string, headers: Readonly<Record<string, string>> = {}, body?: Buffer): Promise<Answer> {
    const { authorization, authority, host } = this;
    const { hostname, port } = new URL(`https://${host}`);
    return new Promise((resolve, reject) => {
      const call = request(
        {
          host: hostname,
          port: port || 443,
          method,
          path,
          agent: false,
          timeout: 30_000,
          headers: {
            ...headers,
            ...(authorization !== undefined && { Authorization: authorization }),
            "Content-Length": body?.length ?? 0,
          },
          ...(authority !== undefined && { ca: authority }),
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("end", () => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) });
          });
        },
      );
      call.on("timeout", () => call.destroy(new Error("no answer within 30 seconds")));
      call.on("error", (error) => {
        reject(new Error(`${host}: ${error.message}`));
      });
      call.end(body);
    });
  }
}
