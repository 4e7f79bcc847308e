import { type Kubeconfig, parseKubeconfig } from "../diagnosis/read/kubeconfig";
import { kubeExchange } from "../kube-exchange";

/** What every object of the API has. */
export interface ApiItem {
  readonly metadata: { readonly name: string; readonly uid?: string; readonly creationTimestamp?: string };
}

/** The API's own answer to a request that it refuses. */
export class RefusedByApi extends Error {
  constructor(
    readonly status: number,
    message: string,
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
    if (status >= 400) throw new RefusedByApi(status, `${method} ${path}: ${status} ${messageOf(text)}`);
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

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? "";
  } catch {
    return text.slice(0, 200);
  }
}
