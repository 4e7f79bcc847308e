import { type Kubeconfig, parseKubeconfig } from "./kubeconfig";
import { kubeExchange } from "./exchange";

/** The part that all Kubernetes objects have. */
export interface ApiItem {
  readonly metadata: { readonly name: string; readonly uid?: string; readonly creationTimestamp?: string };
}

/** An answer with an error status. */
export class RefusedByApi extends Error {
  /** @param byItself whether the answer comes from the API itself, not from a proxy that can't reach the API */
  constructor(
    readonly status: number,
    message: string,
    readonly byItself = true,
  ) {
    super(message);
  }
}

/** Whether the API answered that an object or its kind does not exist. */
export function isMissing(error: unknown): error is RefusedByApi {
  return error instanceof RefusedByApi && error.status === 404;
}

/** Whether the API itself, and not a proxy in front of it, refused to list objects because it does not know their kind. */
export function isUnknownKind(error: unknown): boolean {
  return isMissing(error) && error.byItself;
}

/**
 * Whether the API itself refused a request, and would refuse the same request again: a status below 500 other than 404, 408, 409 and 429. These four
 * mean that an object is missing or has changed, or that the API is busy.
 */
export function isRefusal(error: unknown): boolean {
  return error instanceof RefusedByApi && error.byItself && error.status < 500 && ![404, 408, 409, 429].includes(error.status);
}

/** Client of the cluster's API, for a kubeconfig's user or the owner of a token. */
export class ClusterClient {
  private readonly kubeconfig: Kubeconfig;

  /** @throws Error if the text is not a kubeconfig; the error's message does not quote the text, which is secret. */
  constructor(text: string, token?: string) {
    try {
      const { certificate, key, ...cluster } = parseKubeconfig(text);
      new URL(cluster.server ?? "");
      // With a token, the client certificate is left out: the API would authenticate the certificate's owner instead.
      this.kubeconfig =
        token === undefined ? { ...cluster, ...(certificate && { certificate }), ...(key && { key }) } : { ...cluster, token };
    } catch {
      throw new Error("the kubeconfig has no valid cluster");
    }
  }

  /** A client of the kubeconfig's API that authenticates with a token and not with the kubeconfig's credentials. */
  static withToken(token: string, kubeconfig: string): ClusterClient {
    return new ClusterClient(kubeconfig, token);
  }

  /** Sends a request. @throws RefusedByApi for every status from 400 on; Error if there is no answer in time */
  async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, body: text } = await kubeExchange(this.kubeconfig, path, {
      method,
      body,
      ...(method === "PATCH" && { headers: { "content-type": "application/merge-patch+json" } }),
    });
    if (status >= 400) {
      const { kind, message } = refusalIn(text);
      throw new RefusedByApi(status, `${method} ${path}: ${status} ${message}`, kind === "Status");
    }
    return JSON.parse(text) as T;
  }

  /** Reads an object; undefined if it does not exist. */
  async get<T>(path: string): Promise<T | undefined> {
    return this.send<T>("GET", path).catch(undefinedIfMissing);
  }

  async list<T extends ApiItem>(path: string): Promise<readonly T[]> {
    return (await this.send<{ items: T[] }>("GET", path)).items;
  }

  /**
   * Like `list`, but a kind that the cluster does not know has no objects. The API answers requests for an unknown API group with the text
   * "404 page not found", as a proxy could, so the list of groups decides.
   */
  async listIfKnown<T extends ApiItem>(path: string): Promise<readonly T[]> {
    try {
      return await this.list<T>(path);
    } catch (error) {
      if (isUnknownKind(error)) return [];
      if (!isMissing(error)) throw error;
      const { groups } = await this.send<{ groups: { name: string }[] }>("GET", "/apis");
      if (groups.some(({ name }) => path.startsWith(`/apis/${name}/`))) throw error;
      return [];
    }
  }

  /** Applies a merge patch (RFC 7386) to an object if it exists. */
  async patch(path: string, fields: object): Promise<void> {
    await this.send("PATCH", path, fields).catch(undefinedIfMissing);
  }

  /** Deletes an object if it exists. */
  async delete(path: string): Promise<void> {
    await this.send("DELETE", path).catch(undefinedIfMissing);
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (isMissing(error)) return undefined;
  throw error;
}

/** Reads the body of an error: the API returns an object of kind Status, proxies return anything. */
function refusalIn(text: string): { readonly kind?: string; readonly message: string } {
  try {
    const { kind, message = "" } = JSON.parse(text) as { kind?: string; message?: string };
    return { ...(kind !== undefined && { kind }), message };
  } catch {
    return { message: text.slice(0, 200).trim() };
  }
}
