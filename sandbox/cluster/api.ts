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

/** Who speaks to the API server, PEM. */
export interface Credentials {
  /** What the server's certificate is held against. */
  readonly ca: string;
  readonly certificate?: string;
  readonly key?: string;
  /** Instead of a certificate. */
  readonly token?: string;
}

/** The API server's own answer to a request that it refuses. */
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

/** An object, or text that is already in the form that the content type names. */
type Body = object | string | undefined;

/** Seconds after which an answer is no longer waited for. */
const timeoutSeconds = 30;

/** A client of the local API server, by name of the server as its certificate has it. Every identity has a client of its own. */
export class Api {
  private readonly agent: Agent;
  private readonly kinds = new Map<string, ResourceList>();

  constructor(
    private readonly port: number,
    serverName: string,
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

  /** @throws ApiError for every status of 400 and above; the system's error where nothing answers */
  async send<Answer = KubeObject>(method: string, path: string, body?: Body, contentType = "application/json"): Promise<Answer> {
    const text = await this.exchange(method, path, body, contentType);
    return JSON.parse(text) as Answer;
  }

  /** The answer as text, as of `/readyz`. */
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

  /** An object, or undefined where there is none. */
  async get<T extends KubeObject>(path: string): Promise<T | undefined> {
    return await this.send<T>("GET", path).catch(undefinedIfMissing);
  }

  async list<T extends KubeObject>(path: string): Promise<T[]> {
    return (await this.send<{ items: T[] }>("GET", path)).items;
  }

  /** Makes an object, with its status, unless there is one of its name. */
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

  /** Server-side apply; a status is written for itself. */
  async apply(object: KubeObject, manager: string): Promise<void> {
    const path = await this.pathOf(object);
    const { status, ...rest } = object;
    await this.send("PATCH", `${path}?fieldManager=${manager}&force=true`, rest, "application/apply-patch+yaml");
    await this.writeStatus(path, status);
  }

  private async writeStatus(path: string, status: unknown): Promise<void> {
    if (typeof status !== "object" || status === null || Object.keys(status).length === 0) return;
    await this.patchStatus(path, status).catch((error: unknown) => {
      // Kinds without a status of its own keep it in the object, or not at all.
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    });
  }

  async patchStatus(path: string, status: object): Promise<void> {
    await this.send("PATCH", `${path}/status`, { status }, "application/merge-patch+json");
  }

  async patch(path: string, change: object): Promise<void> {
    await this.send("PATCH", path, change, "application/merge-patch+json");
  }

  /** Path of an object, by what the server says of its kind; a namespace that a manifest gives a cluster-wide object doesn't count. */
  private async pathOf({ apiVersion, kind, metadata }: KubeObject): Promise<string> {
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
