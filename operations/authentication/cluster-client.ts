import { type Kubeconfig, parseKubeconfig } from "../diagnosis/read/kubeconfig";
import { kubeExchange } from "../kube-exchange";

/** What every object of the API has. */
export interface ApiItem {
  readonly metadata: { readonly name: string; readonly uid?: string; readonly creationTimestamp?: string };
}

/** An answer that refuses a request. */
export class RefusedByApi extends Error {
  /** @param byItself whether it is the API's own word, and not one of a proxy that doesn't reach it */
  constructor(
    readonly status: number,
    message: string,
    readonly byItself = true,
  ) {
    super(message);
  }
}

/** The cluster's API, as a kubeconfig's user, or as the holder of a token. */
export class ClusterClient {
  private readonly kubeconfig: Kubeconfig;

  /** @throws Error for a text that is no kubeconfig; it shows nothing of it. */
  constructor(text: string, token?: string) {
    try {
      const { certificate, key, ...cluster } = parseKubeconfig(text);
      new URL(cluster.server ?? "");
      // Who has a token must not be taken for the certificate's owner.
      this.kubeconfig =
        token === undefined ? { ...cluster, ...(certificate && { certificate }), ...(key && { key }) } : { ...cluster, token };
    } catch {
      throw new Error("the kubeconfig names no cluster");
    }
  }

  /** The same API as somebody else. */
  static holderOf(token: string, text: string): ClusterClient {
    return new ClusterClient(text, token);
  }

  /** @throws RefusedByApi for every status from 400 on; Error when there is no answer in time */
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

  /** An object, or undefined where there is none. */
  async get<T>(path: string): Promise<T | undefined> {
    return this.send<T>("GET", path).catch(undefinedIfMissing);
  }

  async list<T extends ApiItem>(path: string): Promise<readonly T[]> {
    return (await this.send<{ items: T[] }>("GET", path)).items;
  }

  /** Deletes an object, if it is there. */
  async delete(path: string): Promise<void> {
    await this.send("DELETE", path).catch(undefinedIfMissing);
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof RefusedByApi && error.status === 404) return undefined;
  throw error;
}

/** What a refusal's body says: of the API an object of the kind Status, of others anything. */
function refusalIn(text: string): { readonly kind?: string; readonly message: string } {
  try {
    const { kind, message = "" } = JSON.parse(text) as { kind?: string; message?: string };
    return { ...(kind !== undefined && { kind }), message };
  } catch {
    return { message: text.slice(0, 200).trim() };
  }
}
