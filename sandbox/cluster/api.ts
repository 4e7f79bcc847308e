import { Agent, request } from "node:https";

/** Any object of the Kubernetes API. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name?: string;
    generateName?: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    uid?: string;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** Credentials of a client of the API server, PEM. */
export interface Credentials {
  /** CA with which the server's certificate is verified. */
  readonly ca: string;
  readonly certificate?: string;
  readonly key?: string;
  /** Used instead of a certificate. */
  readonly token?: string;
}

/** The error for a request that the API server refused; the message is the API server's. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

interface ResourceList {
  resources: { name: string; kind: string; namespaced: boolean }[];
}

/** An object, or text that already has the format of the content type. */
type Body = object | string | undefined;

/** Time limit of a request, in seconds. */
const timeoutSeconds = 30;

/** A client of the local API server, which is verified by the name in its certificate. Each identity has its own client. */
export class Api {
  private readonly agent: Agent;
  private readonly kinds = new Map<string, ResourceList>();

  constructor(
    private readonly port: number,
    private readonly serverName: string,
    private readonly credentials: Credentials,
  ) {
    this.agent = new Agent({
      keepAlive: true,
      maxSockets: 12,
      ca: credentials.ca,
      cert: credentials.certificate,
      key: credentials.key,
      servername: serverName,
    });
  }

  /** @throws ApiError for every status of 400 and above; the system's error if nothing answers */
  async send<Answer = KubeObject>(method: string, path: string, body?: Body, contentType = "application/json"): Promise<Answer> {
    const text = await this.exchange(method, path, body, contentType);
    return JSON.parse(text) as Answer;
  }

  /** Returns the answer as text, for example of `/readyz`. */
  exchange(method: string, path: string, body?: Body, contentType = "application/json"): Promise<string> {
    return new Promise((resolve, reject) => {
      const content = typeof body === "object" ? JSON.stringify(body) : body;
      const outgoing = request(
        {
          host: "127.0.0.1",
          port: this.port,
          method,
          path,
          agent: this.agent,
          timeout: timeoutSeconds * 1000,
          headers: {
            Accept: "application/json",
            ...(this.credentials.token !== undefined && { Authorization: `Bearer ${this.credentials.token}` }),
            ...(content !== undefined && { "Content-Type": contentType, "Content-Length": Buffer.byteLength(content) }),
          },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("error", reject);
          answer.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            const status = answer.statusCode ?? 0;
            if (status < 400) resolve(text);
            else reject(new ApiError(status, messageOf(text)));
          });
        },
      );
      outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer to ${method} ${path} within ${timeoutSeconds} s`)));
      outgoing.on("error", reject);
      outgoing.end(content);
    });
  }

  /** An object; undefined if it does not exist. */
  async get<T extends KubeObject>(path: string): Promise<T | undefined> {
    return await this.send<T>("GET", path).catch(undefinedIfMissing);
  }

  async list<T extends KubeObject>(path: string): Promise<T[]> {
    return (await this.send<{ items: T[] }>("GET", path)).items;
  }

  /** Creates an object with its status, unless an object with its name exists. */
  async create(object: KubeObject): Promise<void> {
    const path = await this.pathOf(object);
    try {
      await this.send("POST", path.slice(0, path.lastIndexOf("/")), object);
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return;
      throw error;
    }
    await this.writeStatus(path, object.status);
  }

  /** Server-side apply. The status is written separately. */
  async apply(object: KubeObject, manager: string): Promise<void> {
    const path = await this.pathOf(object);
    const { status, ...rest } = object;
    await this.send("PATCH", `${path}?fieldManager=${manager}&force=true`, rest, "application/apply-patch+yaml");
    await this.writeStatus(path, status);
  }

  private async writeStatus(path: string, status: unknown): Promise<void> {
    if (typeof status !== "object" || status === null || Object.keys(status).length === 0) return;
    await this.patchStatus(path, status).catch((error: unknown) => {
      // Kinds without a status subresource keep the status in the object, or have none.
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    });
  }

  async patchStatus(path: string, status: object): Promise<void> {
    await this.send("PATCH", `${path}/status`, { status }, "application/merge-patch+json");
  }

  async patch(path: string, change: object): Promise<void> {
    await this.send("PATCH", path, change, "application/merge-patch+json");
  }

  /**
   * Path of an object, from the API server's list of kinds. The namespace of a cluster-wide object is ignored, even if a manifest sets one.
   */
  async pathOf({ apiVersion, kind, metadata }: KubeObject): Promise<string> {
    const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const known = this.kinds.get(base)?.resources.find((resource) => resource.kind === kind && !resource.name.includes("/"));
    if (known === undefined) {
      const list = await this.send<ResourceList>("GET", base);
      this.kinds.set(base, list);
      if (!list.resources.some((resource) => resource.kind === kind))
        throw new ApiError(404, `the API server has no kind ${kind} in ${apiVersion}`);
      return this.pathOf({ apiVersion, kind, metadata });
    }
    const namespace = known.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${base}${namespace}/${known.name}/${metadata.name ?? ""}`;
  }

  /** A client of the same API server with another identity. */
  withToken(token: string): Api {
    return new Api(this.port, this.serverName, { ca: this.credentials.ca, token });
  }

  close(): void {
    this.agent.destroy();
  }
}

export function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 404) return undefined;
  throw error;
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}
